/**
 * Third station: the gates measure a take in their order and the supervisor decides on what they found. A gate that cannot
 * run is no verdict: a person looks. The take stays recorded and visible whatever the gates say.
 */
import type { GenerationRequest } from '../../../src-shared/domain/attempt.ts';
import type { Take } from '../../../src-shared/domain/take.ts';
import type { GateResult } from '../../../src-shared/domain/verdict.ts';
import { AppError, isAbortError } from '../../platform/app-error.ts';
import { withGates } from '../attempt/take-provenance.ts';
import type { GateExpectation, GateInput, TakeGate } from '../ports/gate.ts';
import { carryOut, decideFor } from '../retry/retry-dispatcher.ts';
import type { Assembled } from './assemble.ts';
import { stillStands } from './move-phase.ts';
import { review } from './review.ts';
import type { StationDeps } from './station-deps.ts';

/** Measures the take, records the verdicts and moves the phase as they say, the last two in one transaction. */
export async function audit(deps: StationDeps, assembled: Assembled): Promise<void> {
  const { at, attempt, take } = assembled;
  const results = await measure(deps, take, attempt.request);
  deps.store.inTransaction(() => {
    const measured = deps.store.recordGates(take.id, results);
    deps.store.updateProvenance(take.id, withGates(deps.store.provenance(take.id), results));
    if (!stillStands(deps.store, at, 'auditing')) return;
    const batch = attempt.batchId === null ? null : deps.store.batch(attempt.batchId);
    const decision = decideFor(deps, { at, batch, attempt }, { kind: 'gates', results });
    if (decision.action === 'ACCEPT') review(deps, { at, take: measured, results, batch });
    else carryOut(deps, { at, from: 'auditing', batchId: attempt.batchId }, decision);
    // told here, the batch's new counts need no transaction of their own
    if (batch) deps.store.tellProgress(batch.id);
  });
}

/** What the gates judge a take by: what its request asked for. */
function expectationOf(request: GenerationRequest): GateExpectation {
  const { kind, width, height, frameRate, durationSeconds, audio } = request.output;
  const isClip = kind === 'clip';
  return {
    ...{ phase: request.phase, kind, width, height, durationSeconds },
    frameRate: isClip ? frameRate : null,
    audio: isClip ? audio : null,
  };
}

async function measure(deps: StationDeps, take: Take, request: GenerationRequest): Promise<GateResult[]> {
  const input = { path: deps.paths.resolve(take.path), probe: take.probe, expectation: expectationOf(request) };
  const results: GateResult[] = [];
  for (const gate of deps.gates) {
    const rejectedBy = results.find((result) => result.status === 'fail');
    if (rejectedBy) results.push(notMeasured(gate, 'skipped', `Not run: ${rejectedBy.gate} had rejected the take.`));
    else results.push(await measureOne(deps, gate, input));
  }
  return results;
}

async function measureOne(deps: StationDeps, gate: TakeGate, input: GateInput): Promise<GateResult> {
  try {
    return await gate.measure(input, deps.signal);
  } catch (error) {
    if (deps.signal.aborted || isAbortError(error)) throw error;
    // that is the disk's fault and says nothing about the take: it is measured again when there is room
    if (error instanceof AppError && error.code === 'disk.full') throw error;
    deps.logger.error('a gate could not run', { gate: gate.name, path: input.path, error });
    const why = error instanceof Error ? error.message : String(error);
    return notMeasured(gate, 'unmeasurable', `${gate.name} could not run: ${why}`);
  }
}

function notMeasured(gate: TakeGate, status: 'skipped' | 'unmeasurable', reason: string): GateResult {
  return {
    ...{ gate: gate.name, status, reason, measurements: [], findings: [] },
    ...{ costMicroUsd: 0, durationMs: 0, policyVersion: 'none' },
  };
}
