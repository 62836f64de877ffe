/**
 * From a finished job to a file in its place. The artefact is downloaded to a temporary file on the same disk, checked and
 * hashed there; its place is written down before the file moves into it, so that a restart knows the file as its own.
 */
import type { Attempt, AttemptFailure } from '../../../src-shared/domain/attempt.ts';
import type { MediaProbe } from '../../../src-shared/domain/media.ts';
import type { MicroUsd } from '../../../src-shared/domain/money.ts';
import type { OrchestratorDeps } from '../orchestrator-deps.ts';
import type { HashedFile } from '../ports/media.ts';
import type { FetchedArtefact, ProviderJob } from '../ports/provider.ts';
import { billedFigure } from './billed-figure.ts';
import { type Artefact, artefactOf, jobRecord } from './job-record.ts';

export type ArtefactDeps = Pick<OrchestratorDeps, 'store' | 'media' | 'files' | 'paths'>;

export interface GoodDownload {
  kind: 'good';
  temporaryPath: string;
  /** with its dot */
  extension: string;
  file: HashedFile;
  probe: MediaProbe;
  costMicroUsd: MicroUsd;
}

/** A file in its place, as its attempt has written it down, and what it is. */
export interface Made {
  artefact: Artefact;
  probe: MediaProbe;
}

export type Downloaded = GoodDownload | { kind: 'bad'; failure: AttemptFailure; costMicroUsd: MicroUsd };

/** Looks at a downloaded file: an empty one is removed; one that cannot be read was paid for and is kept aside. */
export async function inspectDownload(
  deps: ArtefactDeps,
  download: { attempt: Attempt; temporaryPath: string; fetched: FetchedArtefact },
  signal: AbortSignal,
): Promise<Downloaded> {
  const { attempt, temporaryPath, fetched } = download;
  const costMicroUsd = billedFigure(attempt, fetched.costMicroUsd);
  const file = await deps.media.hash(temporaryPath, signal);
  const probe = file.sizeBytes > 0 ? await deps.media.probe(temporaryPath, signal) : null;
  if (probe === null) {
    await deps.files.remove(temporaryPath);
    return { kind: 'bad', failure: badOutput('the file is empty'), costMicroUsd };
  }
  if (probe.playability === 'unreadable') {
    const aside = deps.paths.asidePath(`${attempt.id}.${file.sha256.slice(0, 12)}${fetched.extension}`);
    // named by its bytes: what has that name already is the same file
    if (!(await deps.files.moveInto(temporaryPath, aside))) await deps.files.remove(temporaryPath);
    const problem = `${probe.problem ?? 'it cannot be decoded'} (kept as ${deps.paths.relativeTo(aside)})`;
    return { kind: 'bad', failure: badOutput(problem), costMicroUsd };
  }
  return { kind: 'good', temporaryPath, extension: fetched.extension, file, probe, costMicroUsd };
}

/**
 * Hands out the take's number and writes down its place with it, in one transaction; then the file moves there. A take is
 * never written over: a number whose file is there already is passed by.
 */
export async function placeArtefact(
  deps: ArtefactDeps,
  order: { attempt: Attempt; job: ProviderJob; good: GoodDownload },
): Promise<{ attempt: Attempt; made: Made }> {
  const { attempt, job, good } = order;
  const { id, shotId, phase } = attempt;
  for (let isTaken = false; ; isTaken = true) {
    const { downloaded, artefact } = deps.store.inTransaction(() => {
      const takeNumber = deps.store.nextTakeNumber(shotId);
      const path = deps.paths.relativeTakePath(shotId, takeNumber, phase, good.extension);
      const artefact: Artefact = { takeNumber, path, ...good.file, costMicroUsd: good.costMicroUsd };
      if (isTaken) deps.store.advanceAttempt(id, 'downloaded', 'submitted');
      const patch = { providerJob: jobRecord(attempt, job, artefact) };
      return { downloaded: deps.store.advanceAttempt(id, 'submitted', 'downloaded', patch), artefact };
    });
    const isPlaced = await deps.files.moveInto(good.temporaryPath, deps.paths.resolve(artefact.path));
    if (isPlaced) return { attempt: downloaded, made: { artefact, probe: good.probe } };
  }
}

/** Looks at a file that an earlier run put into place; null when it is not there as recorded. */
export async function verifyArtefact(deps: ArtefactDeps, attempt: Attempt, signal: AbortSignal): Promise<Made | null> {
  const artefact = artefactOf(attempt);
  if (!artefact) return null;
  const path = deps.paths.resolve(artefact.path);
  if (!(await deps.files.exists(path))) return null;
  const file = await deps.media.hash(path, signal);
  return file.sha256 === artefact.sha256 ? { artefact, probe: await deps.media.probe(path, signal) } : null;
}

function badOutput(problem: string): AttemptFailure {
  const message = `What the engine delivered cannot be used: ${problem}.`;
  return { category: 'gate_mechanical', detail: 'bad_output', message, retryAfterMs: null };
}
