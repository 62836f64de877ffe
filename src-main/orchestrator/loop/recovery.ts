/**
 * What a start does with the last process's work. Money that is committed is fetched at once; nothing new is submitted until
 * a person resumes: batches that were running are paused and say why.
 */
import { type Attempt, recoveryStepOf } from '../../../src-shared/domain/attempt.ts';
import type { Batch } from '../../../src-shared/domain/batch.ts';
import { phasesInScope } from '../../../src-shared/domain/batch-scope.ts';
import { type Phase, phases } from '../../../src-shared/domain/phase.ts';
import { isInFlight } from '../../../src-shared/domain/production-state.ts';
import type { ShotPhase } from '../../../src-shared/domain/shot.ts';
import { followAttempt } from '../attempt/follow-attempt.ts';
import { dropIntent, whyOvertaken } from '../attempt/open-attempt.ts';
import type { StationDeps } from '../stations/station-deps.ts';
import type { ProductionLoop } from './production-loop.ts';
import { resumePhase, runAttempt } from './shot-run.ts';

const closedWhileRunning = 'The app closed while this batch was running. Resume to go on.';

/** Pauses what was running, resumes what was paid for, puts the rest back to the queue. Returns the batches it paused. */
export function recoverWork(deps: StationDeps, loop: Pick<ProductionLoop, 'adopt'>): string[] {
  const paused = deps.store.batches().filter((batch) => mustPause(deps, batch));
  for (const batch of paused) deps.store.setBatchStatus(batch.id, 'paused', closedWhileRunning);
  recoverCoolDowns(deps);
  for (const { id, status } of deps.store.batches()) if (status !== 'complete') deps.store.recountAutoApprovals(id);
  const adopted = new Set<string>();
  for (const attempt of deps.store.openAttempts()) {
    if (recoverAttempt(deps, loop, attempt)) adopted.add(keyOf(attempt));
  }
  for (const episodeId of episodesOf(deps)) {
    for (const shot of deps.store.shots(episodeId)) {
      for (const phase of phases) {
        const left = isInFlight(shot.phases[phase].state) && !adopted.has(keyOf({ shotId: shot.id, phase }));
        if (left) recoverPhase(deps, loop, shot.id, phase);
      }
    }
  }
  return paused.map((batch) => batch.id);
}

/** A batch of which only reviews are left submits nothing by itself: it goes on awaiting the operator. */
function mustPause({ store }: Pick<StationDeps, 'store'>, batch: Batch): boolean {
  if (batch.status === 'created') return true;
  if (batch.status !== 'running') return false;
  const scope = phasesInScope(batch.config, store.shots(batch.episodeId));
  const mayRun = ({ row }: { row: ShotPhase }) =>
    row.state === 'queued' || row.state === 'remediating' || isInFlight(row.state);
  return !batch.awaitingOperator || scope.some(mayRun);
}

/** Providers that had asked to be left alone, from the attempts that wait for them. */
function recoverCoolDowns(deps: StationDeps): void {
  for (const { state, failure, shotId, phase, request } of deps.store.openAttempts()) {
    if (state !== 'intent' || failure?.detail !== 'rate_limit') continue;
    const { retryAt } = deps.store.shotPhase(shotId, phase);
    if (retryAt !== null) deps.coolDown(request.provider, Date.parse(retryAt));
  }
}

/** True when a run has taken it up. */
function recoverAttempt(deps: StationDeps, loop: Pick<ProductionLoop, 'adopt'>, attempt: Attempt): boolean {
  const step = recoveryStepOf(attempt.state);
  if (step === 'none') return false;
  if (step === 'submit') {
    const why = whyOvertaken(deps, attempt);
    if (why !== null) dropIntent(deps, attempt, why);
    return false;
  }
  const adapter = deps.providers.get(attempt.request.provider);
  if (!adapter) {
    deps.logger.warn('the engine of an open attempt is not set up', { attemptId: attempt.id });
    return false;
  }
  const { shotId, phase, series, batchId } = attempt;
  const at = { shotId, phase, series };
  // a phase that waited to ask again goes along: what comes of its job is decided on as in the run before
  if (deps.store.shotPhase(shotId, phase).state === 'remediating') {
    followAttempt(deps.store, at, { attempt, cause: 'retry-started' });
  }
  loop.adopt({ shotId, phase, batchId, provider: adapter.name }, () => runAttempt(deps, { at, attempt, adapter }));
  return true;
}

function recoverPhase(deps: StationDeps, loop: Pick<ProductionLoop, 'adopt'>, shotId: string, phase: Phase): void {
  const last = deps.store.attemptsOf(shotId, phase).at(-1);
  const batchId = last?.batchId ?? null;
  const provider = last?.request.provider ?? '';
  loop.adopt({ shotId, phase, batchId, provider }, async () => resumePhase(deps, shotId, phase)?.());
}

function episodesOf(deps: StationDeps): Set<string> {
  const listed = deps.documents().project.episodes.map((episode) => episode.id);
  return new Set([...listed, ...deps.store.batches().map((batch) => batch.episodeId)]);
}

function keyOf(of: { shotId: string; phase: Phase }): string {
  return `${of.shotId}/${of.phase}`;
}
