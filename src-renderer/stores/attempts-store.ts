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
import { Freshness } from './freshness.ts';

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
/** A batch's attempts say how long it still runs, which nobody reads five times a second. */
const batchTogetherMs = 2000;
const pageSize = 500;

export const useAttemptsStore = create<AttemptsState>(() => empty);

const freshness = new Freshness();
const waiting = new Map<string, ReturnType<typeof setTimeout>>();

/** Forgets everything: another project, or the journal was lost. */
export function resetAttempts(): void {
  freshness.clear();
  for (const timer of waiting.values()) clearTimeout(timer);
  waiting.clear();
  useAttemptsStore.setState(empty, true);
}

export function loadDoubts(projectId: string): Promise<void> {
  return ask(
    'doubts',
    async () => (await studio.attempts.inDoubt({ projectId })).doubts,
    (asked, old) => ({ doubts: keepOld(asked, old.doubts) }),
  );
}

/** The newest attempts of a batch. */
export function loadBatchAttempts(projectId: string, batchId: string): Promise<void> {
  return ask(
    `batch/${batchId}`,
    async () => (await studio.attempts.ofBatch({ projectId, batchId, limit: pageSize })).attempts,
    (asked, { byBatch }) => ({ byBatch: { ...byBatch, [batchId]: keepOld(asked, byBatch[batchId]) } }),
  );
}

/** One timeline is kept: the one that was asked for last. */
export function loadTimeline(projectId: string, attemptId: string): Promise<void> {
  forgetOthers('timeline/', attemptId);
  return ask(
    `timeline/${attemptId}`,
    () => studio.attempts.timeline({ projectId, attemptId }),
    (asked, { timelines }) => ({ timelines: { [attemptId]: keepOld(asked, timelines[attemptId]) } }),
  );
}

/** One log is kept: that of the shot that was asked for last. */
export function loadShotLog(projectId: string, shotId: string): Promise<void> {
  forgetOthers('log/', shotId);
  return ask(
    `log/${shotId}`,
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

/** Asks again for what these events touch, if it has been looked at or is being asked for. */
export function applyAttemptEvents(projectId: string, events: readonly JournalEvent[]): void {
  const state = useAttemptsStore.getState();
  for (const { body } of events) {
    const shotId = shotOf(body);
    if (shotId !== null) soon(`log/${shotId}`, () => loadShotLog(projectId, shotId));
    if (shotId !== null && touchesDoubt(state, body, shotId)) soon('doubts', () => loadDoubts(projectId));
    const attemptId = attemptOf(body);
    if (attemptId !== null) soon(`timeline/${attemptId}`, () => loadTimeline(projectId, attemptId));
    const batchId = body.type === 'attempt_changed' ? body.attempt.batchId : null;
    if (batchId !== null) soon(`batch/${batchId}`, () => loadBatchAttempts(projectId, batchId), batchTogetherMs);
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

function forgetOthers(kind: string, kept: string): void {
  for (const key of [...freshness.keys()]) if (key.startsWith(kind) && key !== `${kind}${kept}`) freshness.forget(key);
}

async function ask<Value>(
  key: string,
  question: () => Promise<Value>,
  put: (asked: Asked<Value>, old: AttemptsState) => Partial<AttemptsState>,
): Promise<void> {
  const ticket = freshness.ask(key);
  const answer = await question().then(
    (value): Asked<Value> => ({ value, trouble: null }),
    (error: unknown): Asked<Value> => ({ value: null, trouble: troubleOf(error) }),
  );
  if (freshness.accepts(key, ticket)) useAttemptsStore.setState((old) => put(answer, old));
}

function keepOld<Value>(asked: Asked<Value>, old: Asked<Value> | undefined): Asked<Value> {
  return asked.trouble === null ? asked : { value: old?.value ?? null, trouble: asked.trouble };
}

function soon(key: string, load: () => Promise<void>, afterMs = togetherMs): void {
  if (waiting.has(key) || !freshness.knows(key)) return;
  const timer = setTimeout(() => {
    waiting.delete(key);
    if (freshness.knows(key)) void load();
  }, afterMs);
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
  return doubts.value?.some(({ attempt }) => attempt.shotId === shotId) ?? body.type === 'attempt_changed';
}
