import type { Decided } from '../../src-shared/api/review-contract.ts';
import { episodeOfShot } from '../../src-shared/domain/ids.ts';
import type { MediaProbe } from '../../src-shared/domain/media.ts';
import type { Phase } from '../../src-shared/domain/phase.ts';
import { rehearsalMark } from '../../src-shared/domain/project.ts';
import type { ProvenanceRecord } from '../../src-shared/domain/provenance.ts';
import type { GateResult } from '../../src-shared/domain/verdict.ts';
import type { GateInput } from '../orchestrator/ports/gate.ts';
import type { HashedFile } from '../orchestrator/ports/media.ts';
import { AppError } from '../platform/app-error.ts';
import { circle, decide } from './decide.ts';
import type { ReviewDeps } from './review-deps.ts';

export interface OverrideOrder {
  shotId: string;
  phase: Phase;
  /** absolute path of the uploaded file */
  file: string;
  fileName: string;
  reason: string;
}

/**
 * The director's own file instead of a generated take: probed, gated, copied under the next take number, hashed; then recorded
 * and circled at once. Refused, it leaves no file behind, and can be tried again.
 */
export async function override(order: OverrideOrder, deps: ReviewDeps): Promise<Decided> {
  const probe = await deps.media.probe(order.file);
  refuseUnfit(order, probe);
  const input = gateInputOf(order, probe, deps);
  const results = await Promise.all(deps.gates.map((gate) => gate.measure(input, new AbortController().signal)));
  const number = deps.store.nextTakeNumber(order.shotId);
  const relative = deps.paths.relativeTakePath(order.shotId, number, order.phase, extensionOf(order.fileName, probe));
  const file = await deps.media.copyAndHash(order.file, deps.paths.resolve(relative));
  try {
    return deps.store.inTransaction(() => circleOwn(order, { number, relative, file, probe, results }, deps));
  } catch (error) {
    await deps.files.remove(deps.paths.resolve(relative));
    throw error;
  }
}

interface OwnFile {
  number: number;
  /** its place in the project */
  relative: string;
  file: HashedFile;
  probe: MediaProbe;
  results: GateResult[];
}

function circleOwn(order: OverrideOrder, own: OwnFile, deps: ReviewDeps): Decided {
  const { number, relative, file, probe } = own;
  const take = deps.store.recordTake({
    shotId: order.shotId,
    phase: order.phase,
    number,
    source: 'override',
    path: relative,
    sha256: file.sha256,
    probe,
    attemptId: null,
    parentTakeId: null,
    provider: null,
    model: null,
    seed: null,
    costMicroUsd: 0,
    provenance: provenanceOf(order, { number, relative, file }, deps),
  });
  const gated = deps.store.recordGates(take.id, own.results);
  const row = deps.store.shotPhase(order.shotId, order.phase);
  const draft = { action: 'override' as const, row, take: gated, reasons: [], note: order.reason, workflowId: null };
  return decide(draft, deps, (tools) => circle(gated, row, deps, tools, 'overridden'));
}

function refuseUnfit(order: OverrideOrder, probe: MediaProbe): void {
  if (probe.playability === 'unreadable' || probe.kind === 'audio') {
    throw new AppError({
      code: 'media.unreadable',
      message: `${order.fileName} cannot be a take: ${probe.problem ?? 'it holds no picture.'}`,
      hint: 'Choose a clip or a picture that plays elsewhere.',
    });
  }
  const wanted = order.phase === 'video' ? 'clip' : order.phase === 'keyframe' ? 'still' : null;
  if (wanted === null || probe.kind === wanted) return;
  throw new AppError({
    code: 'input.invalid',
    message: `${order.fileName} is a ${probe.kind}; the ${order.phase} of a shot is a ${wanted}.`,
    hint: `Choose a ${wanted}, or override another phase with it.`,
  });
}

function gateInputOf(order: OverrideOrder, probe: MediaProbe, deps: ReviewDeps): GateInput {
  const project = deps.project();
  const plan = deps.store.shot(order.shotId)?.plan;
  return {
    path: order.file,
    probe,
    expectation: {
      phase: order.phase,
      kind: probe.kind === 'clip' ? 'clip' : 'still',
      width: project.resolution.width,
      height: project.resolution.height,
      frameRate: probe.kind === 'clip' ? project.fps : null,
      durationSeconds: probe.kind === 'clip' ? (plan?.routing_data.duration ?? null) : null,
      audio: null,
    },
  };
}

function provenanceOf(
  order: OverrideOrder,
  made: { number: number; relative: string; file: HashedFile },
  deps: ReviewDeps,
): ProvenanceRecord {
  const decidedAt = deps.clock.now().toISOString();
  return {
    take_id: `${order.shotId}_T${made.number}`,
    shot_id: order.shotId,
    episode_id: episodeOfShot(order.shotId),
    project: deps.project().slug,
    ...rehearsalMark(deps.project()),
    attempt: made.number,
    timestamp: decidedAt,
    source: 'override',
    media: { path: made.relative, sha256: made.file.sha256, size_bytes: made.file.sizeBytes },
    generation: {
      ...{ phase: order.phase, provider: null, model: null, endpoint: null, workflow: null, provider_job_id: null },
      ...{ prompt: '', negative_prompt: '', seed: null, refs_used: [], request_sha256: null },
      params: { original_file_name: order.fileName },
    },
    gates: {},
    cost: {},
    human_review: {
      ...{ decision: 'overridden', reasons: [], note: order.reason },
      ...{ decided_at: decidedAt, decided_by: deps.person },
    },
  };
}

const knownExtensions: Record<string, string> = {
  'video/mp4': '.mp4',
  'video/quicktime': '.mov',
  'video/webm': '.webm',
  'video/x-matroska': '.mkv',
  'image/png': '.png',
  'image/jpeg': '.jpg',
  'image/webp': '.webp',
  'image/avif': '.avif',
};

/** The extension that the content calls for; the file's own only when the content has no usual one. */
function extensionOf(fileName: string, probe: MediaProbe): string {
  const byContent = knownExtensions[probe.mimeType.split(';')[0] ?? ''];
  const own = /\.[a-z0-9]{1,5}$/i.exec(fileName)?.[0].toLowerCase();
  const extension = byContent ?? own;
  if (extension) return extension;
  throw new AppError({
    code: 'media.unreadable',
    message: `${fileName} is of a kind that has no usual extension.`,
    hint: 'Give the file its usual extension, for example .mp4.',
  });
}
