/**
 * First station: everything an attempt needs is collected, checked against the recorded hashes and captured; then its money
 * is reserved. What is not complete waits for a person, and no attempt is counted.
 */
import type { Attempt, GenerationRequest } from '../../../src-shared/domain/attempt.ts';
import type { Phase } from '../../../src-shared/domain/phase.ts';
import type { RefUsed } from '../../../src-shared/domain/provenance.ts';
import type { ShotPhase } from '../../../src-shared/domain/shot.ts';
import { AppError } from '../../platform/app-error.ts';
import { jobOf } from '../attempt/job-record.ts';
import { planNextAttempt } from '../attempt/next-attempt.ts';
import { dropIntent, openAttemptOf } from '../attempt/open-attempt.ts';
import { whyOutdated } from '../attempt/outdated-request.ts';
import { canonicalJson, hashOfText } from '../canonical-json.ts';
import type { ProviderAdapter } from '../ports/provider.ts';
import type { NewAttempt } from '../ports/store.ts';
import type { Lineage } from '../request/next-recipe.ts';
import { movePhase, type PhaseAddress, type PhaseMove, stillStands } from './move-phase.ts';
import type { StationDeps } from './station-deps.ts';

export interface BindOrder {
  shotId: string;
  phase: Phase;
  batchId: string;
  /** called when the ledger knows the cost, or it was refused */
  onReserved: () => void;
}

/** An attempt that may go to its provider, in `assembling`. */
export interface Bound {
  at: PhaseAddress;
  attempt: Attempt;
  adapter: ProviderAdapter;
}

/** Binds a queued phase or one whose retry is due; null when it stopped here, with the reason on the phase. */
export async function bind(deps: StationDeps, order: BindOrder): Promise<Bound | null> {
  const row = deps.store.shotPhase(order.shotId, order.phase);
  const at = { shotId: order.shotId, phase: order.phase, series: row.series };
  const cause = row.state === 'remediating' ? 'retry-started' : 'work-started';
  const from = row.state;
  if (from !== 'queued' && from !== 'remediating') return null;
  if (!movePhase(deps.store, at, { from, to: 'binding', cause, patch: { reason: null, retryAt: null } })) return null;
  const open = openAttemptOf(deps, at);
  if (!open) await callOffDeliveries(deps, at);
  if (open && !dropOutdated(deps, open)) return rebind(deps, at, open);
  return bindNew(deps, at, order);
}

/** An intent that is not what its shot asks for any more, or that holds the wrong amount, is dropped and made anew. */
function dropOutdated(deps: StationDeps, attempt: Attempt): boolean {
  const adapter = deps.providers.get(attempt.request.provider);
  const shot = deps.store.shot(attempt.shotId);
  if (attempt.state !== 'intent' || !adapter || !shot) return false;
  const isMispriced = adapter.estimate(attempt.request) !== attempt.reservedMicroUsd;
  const why = isMispriced ? 'Its price changed before it was sent.' : whyOutdated(deps, shot, attempt.request);
  if (why !== null) dropIntent(deps, attempt, why);
  return why !== null;
}

/** Goes on with an attempt that is recorded already: refused for now, found by its provider, or cut off by a crash. */
async function rebind(deps: StationDeps, at: PhaseAddress, attempt: Attempt): Promise<Bound | null> {
  const adapter = deps.providers.get(attempt.request.provider);
  if (!adapter) return waitForPerson(deps, at, `The engine ${attempt.request.provider} is not set up here.`);
  if (attempt.state === 'intent') {
    const changed = await findChangedFile(deps, attempt.request);
    if (changed) {
      dropIntent(deps, attempt, changed);
      return stop(deps, at, fileChanged(changed));
    }
    if (!batchRuns(deps, attempt.batchId)) return backToQueue(deps, at, null);
  }
  const moved = movePhase(deps.store, at, { from: 'binding', to: 'assembling', cause: 'request-bound' });
  return moved ? { at, attempt, adapter } : null;
}

async function bindNew(deps: StationDeps, at: PhaseAddress, order: BindOrder): Promise<Bound | null> {
  const shot = deps.store.shot(at.shotId);
  const batch = deps.store.batch(order.batchId);
  if (!shot || !batch) throw new AppError({ code: 'shot.not-found', message: `There is no shot ${at.shotId}.` });
  const next = planNextAttempt(deps, {
    ...{ at, shot, provider: batch.config.provider, batchId: batch.id },
    newSeed: () => deps.ids.randomSeed(),
  });
  const { composed } = next;
  if (composed.kind === 'refused') return waitForPerson(deps, at, composed.reason);
  const changed = await findChangedFile(deps, composed.request);
  if (changed) return stop(deps, at, fileChanged(changed));
  const { request, adapter } = composed;
  const intent = newAttempt(deps, at, { batchId: order.batchId, request, lineage: next });
  const bound = reserveFor(deps, at, { intent, adapter, costMicroUsd: adapter.estimate(request) });
  order.onReserved();
  return bound;
}

function reserveFor(
  deps: StationDeps,
  at: PhaseAddress,
  offer: { intent: NewAttempt; adapter: ProviderAdapter; costMicroUsd: number | null },
): Bound | null {
  if (!stillStands(deps.store, at, 'binding')) return null;
  if (!batchRuns(deps, offer.intent.batchId)) return backToQueue(deps, at, null);
  const bindPhase = () => {
    const { attempts } = deps.store.shotPhase(at.shotId, at.phase);
    const patch = { attempts: attempts + 1, reason: null };
    movePhase(deps.store, at, { from: 'binding', to: 'assembling', cause: 'request-bound', patch });
  };
  // nothing leaves this machine before `submitting` is on the disk, and the intent with it
  const reserve = () => deps.guard.reserve(offer.intent, offer.costMicroUsd, bindPhase);
  const reserved = deps.store.inTransaction(reserve, 'with-next');
  if (reserved.kind === 'reserved') return { at, attempt: reserved.attempt, adapter: offer.adapter };
  const { limit, reason } = reserved.refusal;
  if (limit === 'price') return waitForPerson(deps, at, reason);
  if (limit === 'batch' || limit === 'project') return backToQueue(deps, at, reason);
  const patch = { reason, outcome: 'abandoned' as const };
  return stop(deps, at, { to: 'halted', cause: 'retries-exhausted', patch });
}

function newAttempt(
  deps: StationDeps,
  at: PhaseAddress,
  parts: {
    batchId: string;
    request: GenerationRequest;
    lineage: Lineage;
  },
): NewAttempt {
  // What is recorded and hashed is what JSON can carry, so that both stay equal after a restart.
  const text = canonicalJson(parts.request);
  const request = JSON.parse(text) as GenerationRequest;
  return {
    id: deps.ids.newId('att'),
    batchId: parts.batchId,
    ...at,
    request,
    requestSha256: hashOfText(text),
    priceVersion: deps.priceVersion,
    reservedMicroUsd: 0,
    parentTakeId: parts.lineage.parentTakeId,
    changeReason: parts.lineage.changeReason,
  };
}

/** The recorded hash of every file that will be sent, against the file as it is now. Null = all are as recorded. */
async function findChangedFile(deps: StationDeps, request: GenerationRequest): Promise<string | null> {
  const sent: RefUsed[] = request.startFrame ? [...request.refs, request.startFrame] : request.refs;
  const changes = await Promise.all(sent.map((ref) => changeOf(deps, ref)));
  return changes.find((change) => change !== null) ?? null;
}

async function changeOf(deps: StationDeps, { path, role, hash }: RefUsed): Promise<string | null> {
  try {
    const { sha256 } = await deps.media.hash(deps.paths.resolve(path), deps.signal);
    return sha256 === hash ? null : `${path} (${role}) has changed since it was recorded. Promote it again.`;
  } catch (error) {
    if (!(error instanceof AppError && error.code === 'file.missing')) throw error;
    return `${path} (${role}) is missing. Put it back or promote another.`;
  }
}

/** Whom an earlier series had asked for a file is not waited for any more. */
async function callOffDeliveries(deps: StationDeps, at: PhaseAddress): Promise<void> {
  for (const attempt of deps.store.attemptsOf(at.shotId, at.phase)) {
    const adapter = deps.providers.get(attempt.request.provider);
    const job = attempt.state === 'submitted' && attempt.series !== at.series ? jobOf(attempt) : null;
    if (!job || !adapter?.deliver) continue;
    await adapter.cancel?.(job, deps.signal);
    dropIntent(deps, attempt, 'A decision was made before it was delivered.');
  }
}

/** Whether anything may be submitted for a batch now. */
export function batchRuns(deps: StationDeps, batchId: string | null): boolean {
  return !deps.signal.aborted && batchId !== null && deps.store.batchStatus(batchId) === 'running';
}

/** Begins the reasons with which a phase waits although it has no take: mended inputs let it start by itself. */
const preflightMark = 'Cannot start: ';

/** Whether a phase waits for an input and not for a person's eyes. */
export function waitsForInput({ state, reason }: Pick<ShotPhase, 'state' | 'reason'>): boolean {
  return state === 'awaiting_operator' && reason?.startsWith(preflightMark) === true;
}

function waitForPerson(deps: StationDeps, at: PhaseAddress, reason: string): null {
  const patch = { reason: `${preflightMark}${reason}` };
  return stop(deps, at, { to: 'awaiting_operator', cause: 'refs-missing', patch });
}

/** Unlike a missing input this is not tried again by itself: the file may have been tampered with. */
function fileChanged(reason: string): Omit<PhaseMove, 'from'> {
  return { to: 'awaiting_operator', cause: 'refs-missing', patch: { reason } };
}

function backToQueue(deps: StationDeps, at: PhaseAddress, reason: string | null): null {
  return stop(deps, at, { to: 'queued', cause: 'interrupted', patch: { reason } });
}

function stop(deps: StationDeps, at: PhaseAddress, move: Omit<PhaseMove, 'from'>): null {
  movePhase(deps.store, at, { from: 'binding', ...move });
  return null;
}
