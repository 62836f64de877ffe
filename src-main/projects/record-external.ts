import type { MediaProbe } from '../../src-shared/domain/media.ts';
import type { Phase } from '../../src-shared/domain/phase.ts';
import type { Take } from '../../src-shared/domain/take.ts';
import type { Clock } from '../orchestrator/ports/clock.ts';
import type { HashedFile, MediaWorkshop } from '../orchestrator/ports/media.ts';
import type { ProjectPaths } from '../orchestrator/ports/project-files.ts';
import type { ProjectStore } from '../orchestrator/ports/project-store.ts';
import { AppError } from '../platform/app-error.ts';
import { externalRecord, readSidecar } from './external-record.ts';
import { phaseOfName, shotOfFolder, takeNumberOfName } from './take-file-name.ts';

/** Why a file cannot be a take, and what to do about it. */
export interface Refusal {
  message: string;
  hint: string;
}

export type Recorded =
  | { kind: 'recorded'; take: Take }
  /** the same bytes are a take of the shot already */
  | { kind: 'known'; take: Take }
  | { kind: 'refused'; refusal: Refusal }
  /** it is still being written: to be looked at again */
  | { kind: 'changing' };

export interface RecordDeps {
  store: ProjectStore;
  paths: Pick<ProjectPaths, 'resolve' | 'relativeSidecarPath'>;
  media: Pick<MediaWorkshop, 'hash' | 'probe'>;
  clock: Clock;
  project: () => string;
}

export interface ExternalFile {
  /** relative to the project folder */
  path: string;
  sizeBytes: number;
  /** whether size and time are still those of the last look */
  stillSame: () => Promise<boolean>;
  signal: AbortSignal;
}

/** Hashes, probes, hashes again, and records the file as an external take of the shot whose folder it is in. */
export async function recordExternal(file: ExternalFile, deps: RecordDeps): Promise<Recorded> {
  const folder = file.path.split('/').slice(1, -1).join('/');
  const shotId = shotOfFolder(folder);
  if (shotId === null || !deps.store.shot(shotId)) return refused(misplaced(file.path, shotId));
  try {
    const read = await readFile(file, deps);
    if (read === null) return { kind: 'changing' };
    const known = deps.store.takeByHash(shotId, read.hashed.sha256);
    if (known) return { kind: 'known', take: known };
    const unfit = whyUnfit(file.path, read.probe);
    if (unfit) return refused(unfit);
    return await record({ ...file, shotId, ...read }, deps);
  } catch (error) {
    if (!(error instanceof AppError)) throw error;
    if (error.code === 'file.missing') return { kind: 'changing' };
    return refused({ message: error.message, hint: error.hint ?? 'Put a file in its place that plays elsewhere.' });
  }
}

/** Null when the file was not the same before and after. */
async function readFile(
  file: ExternalFile,
  { media, paths }: RecordDeps,
): Promise<{ hashed: HashedFile; probe: MediaProbe } | null> {
  const path = paths.resolve(file.path);
  const hashed = await media.hash(path, file.signal);
  const probe = await media.probe(path, file.signal);
  if (hashed.sizeBytes !== file.sizeBytes || !(await file.stillSame())) return null;
  // Writing through a memory map need not change the time that the disk tells.
  const again = await media.hash(path, file.signal);
  return again.sha256 === hashed.sha256 && (await file.stillSame()) ? { hashed, probe } : null;
}

async function record(
  found: ExternalFile & { shotId: string; hashed: HashedFile; probe: MediaProbe },
  deps: RecordDeps,
): Promise<Recorded> {
  const { store, paths } = deps;
  const { path, shotId, hashed, probe } = found;
  const name = path.slice(path.lastIndexOf('/') + 1);
  const sidecar = await readSidecar(paths.resolve(paths.relativeSidecarPath(path)), hashed);
  found.signal.throwIfAborted();
  const phase = phaseOfName(name) ?? phaseOfSidecar(sidecar?.generation.phase, probe) ?? phaseOfKind(probe);
  return store.inTransaction((): Recorded => {
    const there = store.takeByPath(path);
    if (there) return { kind: 'known', take: there };
    const number = freeNumber(store, shotId, name);
    const made = { shotId, phase, number, path, file: hashed, fileName: name, sidecar };
    const provenance = externalRecord({ ...made, project: deps.project(), at: deps.clock.now().toISOString() });
    const { provider, model, seed } = provenance.generation;
    const take = store.recordTake({
      ...{ shotId, phase, number, source: 'external', path, sha256: hashed.sha256, probe },
      ...{ attemptId: null, parentTakeId: null, provider, model, seed, costMicroUsd: 0, provenance },
    });
    return { kind: 'recorded', take };
  });
}

/** The number in the file's name when nobody has it, so that name and take agree; else the next one. */
function freeNumber(store: ProjectStore, shotId: string, name: string): number {
  const named = takeNumberOfName(name, shotId.slice(shotId.indexOf('_') + 1));
  const taken = named !== null && store.takesOf(shotId).some((take) => take.number === named);
  return named === null || taken || store.isTakeNumberHeld(shotId, named) ? store.nextTakeNumber(shotId) : named;
}

function phaseOfSidecar(phase: Phase | undefined, probe: MediaProbe): Phase | null {
  return phase !== undefined && fitsPhase(phase, probe) ? phase : null;
}

function phaseOfKind(probe: MediaProbe): Phase {
  return probe.kind === 'clip' ? 'video' : 'keyframe';
}

function fitsPhase(phase: Phase, probe: MediaProbe): boolean {
  return phase === 'previs' || (phase === 'video') === (probe.kind === 'clip');
}

function whyUnfit(path: string, probe: MediaProbe): Refusal | null {
  if (probe.playability === 'unreadable') {
    return {
      message: `${path} cannot be a take: ${probe.problem ?? 'nothing here can decode it.'}`,
      hint: 'Export it again from the program that made it, or move it out of this folder.',
    };
  }
  if (probe.kind === 'audio') {
    return { message: `${path} holds sound and no picture.`, hint: 'Move it out of this folder.' };
  }
  const phase = phaseOfName(path);
  if (phase === null || fitsPhase(phase, probe)) return null;
  return {
    message: `${path} is named as a ${phase} but is a ${probe.kind}.`,
    hint: `Name it after what it is: a clip ends in _video, a still in _keyframe; a previs may be either.`,
  };
}

function misplaced(path: string, shotId: string | null): Refusal {
  if (shotId === null) {
    return {
      message: `${path} is not in the folder of a shot.`,
      hint: 'Put it in output/<episode>/<shot>, for example output/EP001/SH003.',
    };
  }
  return {
    message: `${path} is in the folder of ${shotId}, which no plan lists.`,
    hint: 'Move it to the folder of its shot, or add the shot to the plan.',
  };
}

function refused(refusal: Refusal): Recorded {
  return { kind: 'refused', refusal };
}
