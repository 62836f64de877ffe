/**
 * Attempts as the Batches room looks at them: those in doubt, those of a batch, one attempt's timeline, one shot's log. What
 * has been looked at is asked for again when an event touches it, once for all events that come together.
 */
import { create } from 'zustand';
import type { AttemptTimeline, ShotLog } from '../../src-shared/api/attempts-contract.ts';
import type { AttemptFact, Doubt } from '../../src-shared/domain/attempt-step.ts';
import type { JournalEvent } from '../../src-shared/domain/journal.ts';
import { studio } from '../api/client.ts';
import { type Trouble, troubleOf } from '../api/trouble.ts';

/** What was asked for; while it is asked for again the old answer stays. */
export interface Asked<Value> {
  value: Value | null;
  trouble: Trouble | null;
}

interface AttemptsState {
  doubts: Asked<readonly Doubt[]>;
  byBatch: Readonly<Record<string, Asked<readonly AttemptFact[]>>>;
  timelines: Readonly<Record<string, Asked<AttemptTimeline>>>;
  logs: Readonly<Record<string, Asked<ShotLog>>>;
}

const empty: AttemptsState = { doubts: { value: null, trouble: null }, byBatch: {}, timelines: {}, logs: {} };
const togetherMs = 200;
const pageSize = 500;

export const useAttemptsStore = create<AttemptsState>(() => empty);

let generation = 0;
const waiting = new Map<string, ReturnType<typeof setTimeout>>();

/** Forgets everything: another project, or the journal was lost. */
export function resetAttempts(): void {
  generation += 1;
  for (const timer of waiting.values()) clearTimeout(timer);
  waiting.clear();
  useAttemptsStore.setState(empty, true);
}

export function loadDoubts(projectId: string): Promise<void> {
  return ask(
    async () => (await studio.attempts.inDoubt({ projectId })).doubts,
    (asked, old) => ({ doubts: keepOld(asked, old.doubts) }),
  );
}

/** The newest attempts of a batch. */
export function loadBatchAttempts(projectId: string, batchId: string): Promise<void> {
  return ask(
    async () => (await studio.attempts.ofBatch({ projectId, batchId, limit: pageSize })).attempts,
    (asked, { byBatch }) => ({ byBatch: { ...byBatch, [batchId]: keepOld(asked, byBatch[batchId]) } }),
  );
}

export function loadTimeline(projectId: string, attemptId: string): Promise<void> {
  return ask(
    () => studio.attempts.timeline({ projectId, attemptId }),
    (asked, { timelines }) => ({ timelines: { [attemptId]: keepOld(asked, timelines[attemptId]) } }),
  );
}

export function loadShotLog(projectId: string, shotId: string): Promise<void> {
  return ask(
    () => studio.attempts.shotLog({ projectId, shotId }),
    (asked, { logs }) => ({ logs: { [shotId]: keepOld(asked, logs[shotId]) } }),
  );
}

/** Puts a doubt that was just asked about in its place, without waiting for the event. */
export function showDoubt(doubt: Doubt): void {
  useAttemptsStore.setState(({ doubts }) => ({
    doubts: {
      ...doubts,
      value: (doubts.value ?? []).map((known) => (known.attempt.id === doubt.attempt.id ? doubt : known)),
    },
  }));
}

/** Asks again for what these events touch, if it has been looked at. */
export function applyAttemptEvents(projectId: string, events: readonly JournalEvent[]): void {
  const state = useAttemptsStore.getState();
  for (const { body } of events) {
    const shotId = shotOf(body);
    if (shotId !== null && state.logs[shotId]) soon(`log/${shotId}`, () => loadShotLog(projectId, shotId));
    if (shotId !== null && touchesDoubt(state, body, shotId)) soon('doubts', () => loadDoubts(projectId));
    const attemptId = attemptOf(body);
    if (attemptId !== null && state.timelines[attemptId]) {
      soon(`timeline/${attemptId}`, () => loadTimeline(projectId, attemptId));
    }
    const batchId = body.type === 'attempt_changed' ? body.attempt.batchId : null;
    if (batchId !== null && state.byBatch[batchId]) {
      soon(`batch/${batchId}`, () => loadBatchAttempts(projectId, batchId));
    }
  }
}

/** What could not be read is asked for again when somebody looks at it next. */
export function forgetRefusedAttempts(): void {
  const kept = <Value>(all: Readonly<Record<string, Asked<Value>>>) =>
    Object.fromEntries(Object.entries(all).filter(([, { trouble }]) => trouble === null));
  useAttemptsStore.setState(({ doubts, byBatch, timelines, logs }) => ({
    doubts: doubts.trouble === null ? doubts : empty.doubts,
    ...{ byBatch: kept(byBatch), timelines: kept(timelines), logs: kept(logs) },
  }));
}

async function ask<Value>(
  question: () => Promise<Value>,
  put: (asked: Asked<Value>, old: AttemptsState) => Partial<AttemptsState>,
): Promise<void> {
  const asked = generation;
  const answer = await question().then(
    (value): Asked<Value> => ({ value, trouble: null }),
    (error: unknown): Asked<Value> => ({ value: null, trouble: troubleOf(error) }),
  );
  if (asked === generation) useAttemptsStore.setState((old) => put(answer, old));
}

function keepOld<Value>(asked: Asked<Value>, old: Asked<Value> | undefined): Asked<Value> {
  return asked.trouble === null ? asked : { value: old?.value ?? null, trouble: asked.trouble };
}

function soon(key: string, load: () => Promise<void>): void {
  if (waiting.has(key)) return;
  const timer = setTimeout(() => {
    waiting.delete(key);
    void load();
  }, togetherMs);
  waiting.set(key, timer);
}

/** The shot that an event is about; null when it is about none or about many. */
export function shotOf(body: JournalEvent['body']): string | null {
  switch (body.type) {
    case 'station_transition':
      return body.shotPhase.shotId;
    case 'attempt_changed':
      return body.attempt.shotId;
    case 'attempt_noted':
      return body.step.shotId;
    case 'take_recorded':
    case 'take_changed':
      return body.take.shotId;
    case 'review_recorded':
      return body.review.shotId;
    default:
      return null;
  }
}

function attemptOf(body: JournalEvent['body']): string | null {
  if (body.type === 'attempt_changed') return body.attempt.id;
  return body.type === 'attempt_noted' ? body.step.attemptId : null;
}

/** A doubt that came, went, was asked about, or whose shot has moved. */
function touchesDoubt({ doubts }: AttemptsState, body: JournalEvent['body'], shotId: string): boolean {
  if (body.type === 'attempt_changed' && body.attempt.state === 'in_doubt') return true;
  return doubts.value?.some(({ attempt }) => attempt.shotId === shotId) ?? false;
}
