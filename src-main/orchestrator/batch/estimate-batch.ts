/**
 * What a batch would cost and what would be refused, before anything is spent. It composes every request as binding would,
 * so it is long work for a long episode: it is done in slices, between which the loop and the screen go on.
 */
import { setImmediate } from 'node:timers/promises';
import type { BatchConfig, BatchEstimate, EstimateLine } from '../../../src-shared/domain/batch.ts';
import { phasesInScope } from '../../../src-shared/domain/batch-scope.ts';
import { previousPhase } from '../../../src-shared/domain/phase.ts';
import { isSettled } from '../../../src-shared/domain/production-state.ts';
import type { Shot, ShotPhase } from '../../../src-shared/domain/shot.ts';
import { type ComposeDeps, composeRequest } from '../request/compose-request.ts';
import { waitsForInput } from '../stations/bind.ts';

const sliceMs = 8;
const mostLines = 250;

/** Lines in plan order, phase by phase; what is settled or awaits a person's eyes already is left out. */
export async function* estimateInSlices(
  deps: ComposeDeps,
  config: BatchConfig,
  shots: readonly Shot[],
): AsyncGenerator<EstimateLine[], void, void> {
  let lines: EstimateLine[] = [];
  let until = performance.now() + sliceMs;
  for (const { shot, row } of openPhases(config, shots)) {
    lines.push(estimateLine(deps, config, shot, row));
    if (lines.length < mostLines && performance.now() < until) continue;
    yield lines;
    lines = [];
    await setImmediate();
    until = performance.now() + sliceMs;
  }
  if (lines.length > 0) yield lines;
}

/** Whether anything of a batch would run, else what keeps the first thing from it. */
export interface Runnable {
  runs: boolean;
  refusal: string | null;
}

/** Looks no further than it must, a phase at a step: where everything is refused it must look at every shot. */
export function* findRunnable(
  deps: ComposeDeps,
  config: BatchConfig,
  shots: readonly Shot[],
): Generator<undefined, Runnable, void> {
  let refusal: string | null = null;
  let stuck: Shot | null = null;
  for (const { shot, row } of openPhases(config, shots)) {
    // behind a phase that cannot be made nothing can: of ten thousand shots a third is enough to look at
    if (shot === stuck && row.state === 'blocked') continue;
    const line = estimateLine(deps, config, shot, row);
    if (line.refusal === null) return { runs: true, refusal: null };
    refusal ??= line.refusal;
    stuck = shot;
    yield;
  }
  return { runs: false, refusal };
}

/** Takes steps to their end, in slices between which others get their turn. */
export async function inSlices<T>(steps: Generator<undefined, T, void>): Promise<T> {
  for (let until = performance.now() + sliceMs; ; ) {
    const step = steps.next();
    if (step.done) return step.value;
    if (performance.now() < until) continue;
    await setImmediate();
    until = performance.now() + sliceMs;
  }
}

/** Takes steps to their end at once. */
export function atOnce<T>(steps: Generator<undefined, T, void>): T {
  for (;;) {
    const step = steps.next();
    if (step.done) return step.value;
  }
}

/** The whole of it at once. */
export async function collectEstimate(
  config: BatchConfig,
  slices: AsyncIterable<readonly EstimateLine[]>,
): Promise<BatchEstimate> {
  const lines: EstimateLine[] = [];
  for await (const slice of slices) lines.push(...slice);
  return { lines, ...sumUp(config, lines) };
}

/** Totals of the lines that would run. */
function sumUp(config: BatchConfig, lines: readonly EstimateLine[]): Omit<BatchEstimate, 'lines'> {
  const runnable = lines.filter((line) => line.refusal === null);
  const totalMicroUsd = runnable.reduce((sum, line) => sum + (line.costMicroUsd ?? 0), 0);
  return {
    runnable: runnable.length,
    refused: lines.length - runnable.length,
    totalMicroUsd,
    capMicroUsd: config.budgetMicroUsd,
    fitsBudget: totalMicroUsd <= config.budgetMicroUsd,
  };
}

function* openPhases(config: BatchConfig, shots: readonly Shot[]): Generator<{ shot: Shot; row: ShotPhase }> {
  for (const work of phasesInScope(config, shots)) {
    const isReviewed = work.row.state === 'awaiting_operator' && !waitsForInput(work.row);
    if (!isSettled(work.row.state) && !isReviewed) yield work;
  }
}

function estimateLine(deps: ComposeDeps, config: BatchConfig, shot: Shot, row: ShotPhase): EstimateLine {
  const order = { shot, phase: row.phase, provider: config.provider, seed: 0, startFrame: 'planned' as const };
  const composed = composeRequest(deps, order);
  const line = { shotId: shot.id, phase: row.phase };
  const whole = composed.kind === 'composed' ? composed : composed.whole;
  const reason = composed.kind === 'refused' ? composed.reason : null;
  if (!whole) return { ...line, provider: config.provider, model: '', costMicroUsd: null, refusal: reason };
  const { provider, model } = whole.request;
  const costMicroUsd = whole.adapter.estimate(whole.request);
  const unknownPrice = costMicroUsd === null ? 'Its price is not known, so it would not be submitted.' : null;
  const refusal = reason ?? unknownPrice ?? upstreamRefusal(config, shot, row);
  return { ...line, provider, model, costMicroUsd, refusal };
}

/** A phase whose earlier phase is neither approved nor made by this batch can never start in it. */
function upstreamRefusal(config: BatchConfig, shot: Shot, row: ShotPhase): string | null {
  if (row.state !== 'blocked') return null;
  const upstream = previousPhase(row.phase);
  if (upstream === null || config.phases.includes(upstream)) return null;
  const { state } = shot.phases[upstream];
  return state === 'stabilized' ? null : `Waits for an approved ${upstream}, which this batch does not make.`;
}
