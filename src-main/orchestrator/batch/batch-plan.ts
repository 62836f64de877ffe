/** From the store to the planner: what a batch looks like now. Effects are two small ones, named in their functions. */
import { type Attempt, isAttemptOver } from '../../../src-shared/domain/attempt.ts';
import type { Batch } from '../../../src-shared/domain/batch.ts';
import { phasesInScope, shotsInScope } from '../../../src-shared/domain/batch-scope.ts';
import type { MicroUsd } from '../../../src-shared/domain/money.ts';
import { type Phase, previousPhase } from '../../../src-shared/domain/phase.ts';
import { isSettled } from '../../../src-shared/domain/production-state.ts';
import type { Shot, ShotPhase } from '../../../src-shared/domain/shot.ts';
import { planNextAttempt } from '../attempt/next-attempt.ts';
import type { RunSet } from '../loop/run-set.ts';
import { namedWorkflow } from '../request/choose-workflow.ts';
import { type Composed, composeRequest } from '../request/compose-request.ts';
import type { WaitTimes } from '../retry/wait-times.ts';
import { waitsForInput } from '../stations/bind.ts';
import type { StationDeps } from '../stations/station-deps.ts';
import type { PlannedPhase, PlanState } from './plan-next-work.ts';

/** What the planner needs to know of a batch now. */
export function planStateOf(
  deps: StationDeps,
  batch: Batch,
  world: { shots: readonly Shot[]; runs: RunSet; coolDowns: ReadonlyMap<string, number>; waits: WaitTimes },
): PlanState {
  const { runs, coolDowns, waits } = world;
  const busy = runs.busyShots();
  const providers = [...deps.providers].map(([name, adapter]) => {
    const room = adapter.capabilities.concurrency - runs.ofProvider(name);
    const until = coolDowns.get(name);
    return [name, { room, notBefore: until === undefined ? null : waits.endOf(name, until) }] as const;
  });
  return {
    status: batch.status,
    phases: plannedPhases(deps, batch, { shots: world.shots, busy, waits }),
    busy,
    underWay: runs.ofBatch(batch.id) > 0,
    room: batch.config.maxConcurrent - runs.ofBatch(batch.id),
    providers: new Map(providers),
    remainingMicroUsd: deps.guard.remaining(batch.id) - runs.plannedMicroUsd(),
    costOf(work) {
      return work instanceof Planned ? costOf(deps, batch, work.shot, work.row) : 0;
    },
  };
}

/** Sends phases that waited for a missing input back to the queue once the input is there; whether it sent any. */
export function releaseMended(
  deps: StationDeps,
  batch: Batch,
  world: { shots: readonly Shot[]; busy: ReadonlySet<string> },
): boolean {
  let released = false;
  const waiting = world.shots.filter(({ phases }) => batch.config.phases.some((phase) => waitsForInput(phases[phase])));
  for (const { shot, row } of phasesInScope(batch.config, waiting)) {
    if (!waitsForInput(row) || world.busy.has(shot.id)) continue;
    const composed = composeNow(deps, batch, shot, row);
    if (composed?.kind !== 'composed' || composed.adapter.estimate(composed.request) === null) continue;
    const move = { shotId: shot.id, phase: row.phase, to: 'queued' as const, cause: 'restarted' as const };
    deps.store.transition({ ...move, expectedVersion: row.version, patch: { reason: null } });
    released = true;
  }
  return released;
}

/** What the planner has to weigh: there may be ten thousand shots, and most phases are over or wait for an earlier one. */
function plannedPhases(
  deps: StationDeps,
  batch: Batch,
  world: { shots: readonly Shot[]; busy: ReadonlySet<string>; waits: WaitTimes },
): Planned[] {
  const planned: Planned[] = [];
  for (const shot of shotsInScope(batch.config, world.shots)) {
    const isBusy = world.busy.has(shot.id);
    for (const phase of batch.config.phases) {
      const row = shot.phases[phase];
      const outside = waitsOutside(batch, shot, row);
      const isIdle = isSettled(row.state) || (row.state === 'blocked' && !outside);
      if (isIdle && !isBusy) continue;
      const retryAt = row.retryAt === null ? null : world.waits.endOf(`${shot.id}/${phase}`, Date.parse(row.retryAt));
      planned.push(new Planned({ shot, row, retryAt, waitsOutside: outside }, (of) => providerOf(deps, batch, of)));
    }
  }
  return planned;
}

interface PlannedFacts {
  shot: Shot;
  row: ShotPhase;
  retryAt: number | null;
  waitsOutside: boolean;
}

/** A class, so that a provider which is asked for candidates alone costs the others nothing. */
class Planned implements PlannedPhase {
  readonly shotId: string;
  readonly order: number;
  readonly phase: Phase;
  readonly state: PlannedPhase['state'];
  readonly retryAt: number | null;
  readonly waitsOutside: boolean;
  readonly shot: Shot;
  readonly row: ShotPhase;
  readonly #providerOf: (of: PlannedFacts) => string;

  constructor({ shot, row, retryAt, waitsOutside }: PlannedFacts, providerOfPhase: (of: PlannedFacts) => string) {
    this.shotId = shot.id;
    this.order = shot.order;
    this.phase = row.phase;
    this.state = row.state;
    this.retryAt = retryAt;
    this.waitsOutside = waitsOutside;
    this.shot = shot;
    this.row = row;
    this.#providerOf = providerOfPhase;
  }

  get provider(): string {
    return this.#providerOf(this);
  }
}

/** Whose room a phase would take: that of the engine which its next attempt goes to. */
function providerOf(deps: StationDeps, batch: Batch, { shot, row }: Pick<PlannedFacts, 'shot' | 'row'>): string {
  const order = { shot, phase: row.phase, provider: batch.config.provider };
  if (row.state === 'remediating') {
    const open = openOf(deps, row);
    if (open) return open.request.provider;
    const next = composeNow(deps, batch, shot, row);
    if (next?.kind === 'composed') return next.request.provider;
  }
  try {
    const named = namedWorkflow(deps, order);
    return (named && deps.workflows.find(named.workflowId)?.provider) ?? batch.config.provider;
  } catch (error) {
    deps.logger.debug('an engine could not be named', { shotId: shot.id, phase: row.phase, error });
    return batch.config.provider;
  }
}

function waitsOutside(batch: Batch, shot: Shot, row: ShotPhase): boolean {
  if (row.state !== 'blocked') return false;
  const upstream = previousPhase(row.phase);
  if (upstream === null || batch.config.phases.includes(upstream)) return false;
  return shot.phases[upstream].state !== 'stabilized';
}

/** What starting a phase would reserve: nothing where an open attempt holds its money or binding will refuse it anyway. */
function costOf(deps: StationDeps, batch: Batch, shot: Shot, row: ShotPhase): MicroUsd {
  if (openOf(deps, row)) return 0;
  const composed = composeNow(deps, batch, shot, row);
  return composed?.kind === 'composed' ? (composed.adapter.estimate(composed.request) ?? 0) : 0;
}

function openOf(deps: StationDeps, row: ShotPhase): Attempt | undefined {
  return deps.store
    .attemptsOf(row.shotId, row.phase)
    .findLast(({ series, state }) => series === row.series && !isAttemptOver(state));
}

/** As binding would compose it, a fallback included. Null when composing throws: that is this shot's trouble, which its own run meets again and records. */
function composeNow(deps: StationDeps, batch: Batch, shot: Shot, row: ShotPhase): Composed | null {
  const { provider } = batch.config;
  const at = { shotId: shot.id, phase: row.phase, series: row.series };
  try {
    if (row.state === 'remediating') {
      return planNextAttempt(deps, { at, shot, provider, batchId: batch.id, newSeed: () => 0 }).composed;
    }
    return composeRequest(deps, { shot, phase: row.phase, provider, seed: 0, startFrame: 'required' });
  } catch (error) {
    deps.logger.debug('a request could not be composed', { shotId: shot.id, phase: row.phase, error });
    return null;
  }
}
