/** What one row of the journal teaches. Pure: the same rows in the same order always give the same events. */
import type { Attempt } from '../../src-shared/domain/attempt.ts';
import type { JournalEvent } from '../../src-shared/domain/journal.ts';
import { type CostLine, type LearningEvent, timedStateSchema } from '../../src-shared/domain/learning.ts';
import type { Phase } from '../../src-shared/domain/phase.ts';
import type { TransitionCause } from '../../src-shared/domain/production-state.ts';
import type { Take } from '../../src-shared/domain/take.ts';
import { categoryOfGate, failedGate } from '../orchestrator/classify-failure.ts';
import type { StationTime } from '../orchestrator/ports/learning-store.ts';
import type { LearningWorld } from './learning-world.ts';
import type { PhaseMemory } from './phase-memory.ts';
import { overridesOf } from './read-decision.ts';
import { endsRetry, retryBegunBy, retryEvent } from './read-retry.ts';
import { verdictIdOf, verdictOnFailure, verdictOnTake } from './read-verdict.ts';

export interface Learned {
  events: LearningEvent[];
  time: StationTime | null;
  /** of the phase that `subjectOf` names */
  memory: PhaseMemory;
}

/** The phase whose memory a row needs; null for rows that teach nothing. */
export function subjectOf({ body }: JournalEvent): { shotId: string; phase: Phase } | null {
  switch (body.type) {
    case 'attempt_changed':
      return body.attempt;
    case 'take_changed':
      return body.take.gateStatus === null ? null : body.take;
    case 'review_recorded':
      return body.review;
    case 'station_transition':
      return body.shotPhase;
    default:
      return null;
  }
}

/** Reads one row with what is remembered of its phase. */
export function learnFrom(event: JournalEvent, memory: PhaseMemory, world: LearningWorld): Learned {
  const { body, at, seq } = event;
  switch (body.type) {
    case 'attempt_changed':
      return fromAttempt(at, body.attempt, memory, world);
    case 'take_changed':
      return fromTake(at, body.take, memory, world);
    case 'review_recorded': {
      const gates = body.review.takeId === null ? [] : world.gates(body.review.takeId);
      return nothing(memory, overridesOf(at, body.review, { project: world.project, gates }));
    }
    case 'station_transition': {
      const { retry } = memory;
      const ended = retry !== null && endsRetry(body, retry);
      const events = ended ? [retryEvent(at, { move: body, retry, memory }, world)] : [];
      const begun = retryBegunBy(body, seq, memory);
      return {
        events,
        time: timeOf(seq, body),
        memory: { ...memory, retry: begun ?? (ended ? null : retry) },
      };
    }
    default:
      return nothing(memory, []);
  }
}

function nothing(memory: PhaseMemory, events: LearningEvent[]): Learned {
  return { events, time: null, memory };
}

function fromAttempt(at: string, attempt: Attempt, memory: PhaseMemory, world: LearningWorld): Learned {
  const seen: PhaseMemory = { ...memory, attempt: { id: attempt.id, state: attempt.state } };
  const { failure } = attempt;
  const fault =
    failure && failure.detail !== 'cancelled' ? { category: failure.category, attemptId: attempt.id } : null;
  if (attempt.state === 'failed') {
    const verdict = verdictOnFailure(at, attempt, world);
    const events = [...costOf(at, attempt, world), ...(verdict ? [verdict] : [])];
    return nothing({ ...seen, fault: fault ?? memory.fault }, events);
  }
  if (attempt.state === 'settled') return nothing(seen, costOf(at, attempt, world));
  if (attempt.state === 'in_doubt')
    return nothing({ ...seen, fault: { category: 'transient', attemptId: attempt.id } }, []);
  // back to its intent: the provider asked for patience
  return nothing(attempt.state === 'intent' && fault ? { ...seen, fault } : seen, []);
}

/** A take is told again whenever something is said of it; its verdict is the one that was learned first. */
function fromTake(at: string, take: Take, memory: PhaseMemory, world: LearningWorld): Learned {
  const attempt =
    take.attemptId === null || world.isKnown(verdictIdOf(take.attemptId)) ? null : world.attempt(take.attemptId);
  if (!attempt) return nothing(memory, []);
  const gates = world.gates(take.id);
  const verdict = verdictOnTake(at, { attempt, take, gates }, world);
  const rejected = failedGate(gates);
  const fault = rejected ? { category: categoryOfGate(rejected.gate), attemptId: attempt.id } : memory.fault;
  const paid = gates.reduce((sum, gate) => sum + gate.costMicroUsd, 0);
  const cost: LearningEvent[] =
    paid === 0
      ? []
      : [
          costEvent(at, attempt, world, {
            id: `cost:${take.id}:gates`,
            part: 'gates',
            cost_micro_usd: paid,
            take_id: take.id,
          }),
        ];
  return nothing({ ...memory, fault }, [...(verdict ? [verdict] : []), ...cost]);
}

function costOf(at: string, attempt: Attempt, world: LearningWorld): LearningEvent[] {
  const wasNeverSent = attempt.failure?.detail === 'cancelled' && !attempt.actualMicroUsd;
  if (wasNeverSent) return [];
  const { actualMicroUsd: cost_micro_usd, takeId: take_id } = attempt;
  const id = `cost:${attempt.id}`;
  // a job that is listed after its doubt had ended was told as free before
  const isLate = world.isKnown(id);
  if (isLate && !cost_micro_usd) return [];
  const lineId = isLate ? `${id}:late` : id;
  return [costEvent(at, attempt, world, { id: lineId, part: 'generation', cost_micro_usd, take_id })];
}

function costEvent(
  at: string,
  attempt: Attempt,
  world: LearningWorld,
  paid: Pick<CostLine, 'id' | 'part' | 'cost_micro_usd' | 'take_id'>,
): LearningEvent {
  const { provider, model, output } = attempt.request;
  const head = { timestamp: at, project: world.project, shot_id: attempt.shotId, attempt_id: attempt.id };
  return {
    kind: 'cost',
    line: { ...paid, ...head, phase: attempt.phase, provider, model, output: output.kind },
  };
}

/** Time that the app was closed or a batch on hold is no work of a station. */
const interrupting: readonly TransitionCause[] = ['annotated', 'interrupted', 'restarted'];

function timeOf(seq: number, move: Extract<JournalEvent['body'], { type: 'station_transition' }>): StationTime | null {
  const state = timedStateSchema.safeParse(move.from);
  if (!state.success || interrupting.includes(move.cause)) return null;
  return { seq, state: state.data, phase: move.shotPhase.phase, elapsedMs: move.elapsedMs };
}
