import type { Take } from '../../src-shared/domain/take.ts';
import type { GateInput, TakeGate } from '../orchestrator/ports/gate.ts';
import type { OpenedProject } from './open-project.ts';

/** Measures a file from outside with the gates and records what they find; what the project asks of a take is asked of it. */
export async function judgeTake(
  take: Take,
  tools: { opened: Pick<OpenedProject, 'store' | 'paths' | 'documents'>; gates: readonly TakeGate[] },
  signal: AbortSignal,
): Promise<void> {
  const { opened, gates } = tools;
  if (gates.length === 0) return;
  const input = inputOf(take, opened);
  const results = await Promise.all(gates.map((gate) => gate.measure(input, signal)));
  signal.throwIfAborted();
  opened.store.recordGates(take.id, results);
}

function inputOf(
  take: Take,
  { store, paths, documents }: Pick<OpenedProject, 'store' | 'paths' | 'documents'>,
): GateInput {
  const { project } = documents.inForce;
  const isClip = take.probe.kind === 'clip';
  const seconds = store.shot(take.shotId)?.plan.routing_data.duration ?? null;
  return {
    path: paths.resolve(take.path),
    probe: take.probe,
    expectation: {
      phase: take.phase,
      kind: isClip ? 'clip' : 'still',
      width: project.resolution.width,
      height: project.resolution.height,
      frameRate: isClip ? project.fps : null,
      durationSeconds: isClip ? seconds : null,
      audio: null,
    },
  };
}
