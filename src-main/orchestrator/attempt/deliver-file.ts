/**
 * A file for an attempt that a person makes. It is looked at first, then handed to the engine that keeps it for its job, and
 * from there it goes the way of every result: fetched, hashed, gated, with the recipe that was asked for.
 */
import { extname } from 'node:path';
import type { Attempt } from '../../../src-shared/domain/attempt.ts';
import type { MediaProbe } from '../../../src-shared/domain/media.ts';
import { AppError } from '../../platform/app-error.ts';
import type { OrchestratorDeps } from '../orchestrator-deps.ts';
import type { ProviderAdapter, ProviderJob } from '../ports/provider.ts';
import type { Bound } from '../stations/bind.ts';
import type { PhaseAddress } from '../stations/move-phase.ts';
import { followAttempt } from './follow-attempt.ts';
import { jobOf } from './job-record.ts';

export interface DeliveryOrder {
  attemptId: string;
  /** absolute path of the uploaded file; it is copied */
  file: string;
  /** as the person knows it */
  fileName: string;
  /** who delivers */
  person: string;
}

type DeliverDeps = Pick<OrchestratorDeps, 'store' | 'providers' | 'media' | 'files' | 'paths'>;

interface Awaited {
  at: PhaseAddress;
  attempt: Attempt;
  adapter: ProviderAdapter & Required<Pick<ProviderAdapter, 'deliver'>>;
  job: ProviderJob;
}

/**
 * Takes a file and sends its phase on; `goOn` is told what has to be polled now, in the turn in which the phase moved: a turn
 * later the loop has seen it and begun a run of its own. Throws state.stale when nobody waits for it, or
 * when another file is being taken: what one person was told is the take is not replaced under their hands.
 */
export function createDelivery(
  deps: DeliverDeps,
  goOn: (bound: Bound) => void,
): (order: DeliveryOrder) => Promise<PhaseAddress> {
  const underWay = new Set<string>();
  return async (order) => {
    if (underWay.has(order.attemptId)) throw isBeingTaken();
    underWay.add(order.attemptId);
    try {
      return await deliverFile(deps, order, goOn);
    } finally {
      underWay.delete(order.attemptId);
    }
  };
}

async function deliverFile(
  deps: DeliverDeps,
  order: DeliveryOrder,
  goOn: (bound: Bound) => void,
): Promise<PhaseAddress> {
  const { attempt, adapter, job } = requireAwaited(deps, order.attemptId);
  const probe = await deps.media.probe(order.file);
  refuseUnfit(order.fileName, probe, attempt);
  // engines tell a file by its ending, and an uploaded file has none
  const copy = deps.paths.temporaryPath(`${attempt.id}.delivered${endingOf(order.fileName, probe)}`);
  try {
    await deps.files.linkOrCopy(order.file, copy);
    requireAwaited(deps, order.attemptId);
    await adapter.deliver(job, copy);
  } finally {
    await deps.files.remove(copy);
  }
  const at = deps.store.inTransaction(() => {
    const awaited = requireAwaited(deps, order.attemptId);
    const note = order.fileName;
    deps.store.recordStep({ attemptId: attempt.id, kind: 'delivered', by: order.person, note });
    followAttempt(deps.store, awaited.at, { attempt, cause: 'delivered' });
    return awaited.at;
  });
  goOn({ at, attempt, adapter });
  return at;
}

function isBeingTaken(): AppError {
  return new AppError({
    code: 'state.stale',
    message: 'Another file for this shot is being taken at this moment.',
    hint: 'Look at the shot again; a file that you have anyway can be its override.',
    retry: true,
  });
}

function requireAwaited(deps: DeliverDeps, attemptId: string): Awaited {
  const attempt = deps.store.attempt(attemptId);
  const job = attempt?.state === 'submitted' ? jobOf(attempt) : null;
  const adapter = attempt && deps.providers.get(attempt.request.provider);
  const row = attempt && deps.store.shotPhase(attempt.shotId, attempt.phase);
  // a decision that was undone has counted up the series, and the phase waits for its newest attempt as before
  const newest = row && deps.store.attemptsOf(row.shotId, row.phase).at(-1)?.id;
  const waits = row?.state === 'awaiting_operator' && newest === attemptId;
  if (!attempt || !job || !adapter || !canDeliver(adapter) || !row || !waits) {
    throw new AppError({
      code: 'state.stale',
      message: 'Nobody waits for this file any more.',
      hint: 'Look at the shot again; a file that you have anyway can be its override.',
    });
  }
  return { at: { shotId: row.shotId, phase: row.phase, series: row.series }, attempt, adapter, job };
}

function canDeliver(adapter: ProviderAdapter): adapter is Awaited['adapter'] {
  return adapter.deliver !== undefined;
}

function refuseUnfit(fileName: string, probe: MediaProbe, attempt: Attempt): void {
  if (probe.playability === 'unreadable' || probe.kind === 'audio') {
    throw new AppError({
      code: 'media.unreadable',
      message: `${fileName} cannot be a take: ${probe.problem ?? 'it holds no picture.'}`,
      hint: 'Deliver a clip or a picture that plays elsewhere.',
    });
  }
  const { kind } = attempt.request.output;
  if (probe.kind === kind) return;
  throw new AppError({
    code: 'input.invalid',
    message: `${fileName} is a ${probe.kind}; this ${attempt.phase} is to be a ${kind}.`,
    hint: `Deliver a ${kind}.`,
  });
}

const endings: Record<string, string> = {
  'image/png': '.png',
  'image/jpeg': '.jpg',
  'image/webp': '.webp',
  'video/mp4': '.mp4',
  'video/quicktime': '.mov',
  'video/webm': '.webm',
  'video/x-matroska': '.mkv',
};

/** By content, where the content has a usual ending; else the name's own. */
function endingOf(fileName: string, probe: MediaProbe): string {
  const type = probe.mimeType.split(';')[0]?.trim() ?? '';
  return endings[type] ?? extname(fileName).toLowerCase();
}
