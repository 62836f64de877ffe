import type { Sha256 } from '../../src-shared/domain/hash.ts';
import type { ProvenanceRecord } from '../../src-shared/domain/provenance.ts';
import type { VerifiedFile } from '../../src-shared/domain/take.ts';
import type { MediaWorkshop } from '../orchestrator/ports/media.ts';
import type { DurableFiles, ProjectPaths } from '../orchestrator/ports/project-files.ts';

export interface VerifyDeps {
  media: Pick<MediaWorkshop, 'hash'>;
  files: Pick<DurableFiles, 'exists'>;
  paths: Pick<ProjectPaths, 'resolve'>;
}

/** A file on record: what it is to the take, where it is, and the hash it had. */
export interface RecordedFile {
  role: string;
  path: string;
  sha256: Sha256;
}

/** The take itself, every ref it was made with and its start frame. */
export function filesOfRecord(record: ProvenanceRecord): RecordedFile[] {
  const refs = record.generation.refs_used.map((ref) => ({ role: ref.role, path: ref.path, sha256: ref.hash }));
  const start = record.video?.start_frame;
  return [
    { role: 'take', path: record.media.path, sha256: record.media.sha256 },
    ...refs,
    ...(start ? [{ role: start.role, path: start.path, sha256: start.hash }] : []),
  ];
}

/** Hashes a file now and compares: never a stored "ok". A file that cannot be read counts as missing. */
export async function verifyFile(file: RecordedFile, deps: VerifyDeps, signal?: AbortSignal): Promise<VerifiedFile> {
  const base = { role: file.role, path: file.path, recordedSha256: file.sha256 };
  const path = deps.paths.resolve(file.path);
  if (!(await deps.files.exists(path))) return { ...base, actualSha256: null, result: 'missing' };
  const { sha256 } = await deps.media.hash(path, signal);
  return { ...base, actualSha256: sha256, result: sha256 === file.sha256 ? 'matches' : 'changed' };
}
