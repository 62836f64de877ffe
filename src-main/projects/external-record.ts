import { readFile, stat } from 'node:fs/promises';
import { episodeOfShot, takeIdOf } from '../../src-shared/domain/ids.ts';
import type { Phase } from '../../src-shared/domain/phase.ts';
import { type ProvenanceRecord, provenanceRecordSchema } from '../../src-shared/domain/provenance.ts';
import type { HashedFile } from '../orchestrator/ports/media.ts';

const largestRecordBytes = 1024 * 1024;

/** The record beside a file; null when there is none, it is not one, or it is of other bytes. */
export async function readSidecar(path: string, file: HashedFile): Promise<ProvenanceRecord | null> {
  try {
    if ((await stat(path)).size > largestRecordBytes) return null;
    const parsed = provenanceRecordSchema.safeParse(JSON.parse(await readFile(path, 'utf8')));
    return parsed.success && parsed.data.media.sha256 === file.sha256 ? parsed.data : null;
  } catch {
    // An unreadable record says nothing; the file is taken in without one.
    return null;
  }
}

export interface ExternalTake {
  shotId: string;
  phase: Phase;
  number: number;
  /** relative to the project folder */
  path: string;
  file: HashedFile;
  fileName: string;
  project: string;
  at: string;
  sidecar: ProvenanceRecord | null;
}

/** The record of a file from outside: what its own record says of its making, and nothing that was paid here. */
export function externalRecord(take: ExternalTake): ProvenanceRecord {
  const { sidecar, phase } = take;
  const unknown: ProvenanceRecord['generation'] = {
    ...{ phase, provider: null, model: null, endpoint: null, workflow: null, provider_job_id: null },
    ...{ prompt: '', negative_prompt: '', seed: null, refs_used: [], request_sha256: null },
    params: { original_file_name: take.fileName },
  };
  return {
    take_id: takeIdOf(take.shotId, take.number),
    shot_id: take.shotId,
    episode_id: episodeOfShot(take.shotId),
    project: take.project,
    attempt: take.number,
    timestamp: sidecar?.timestamp ?? take.at,
    source: 'external',
    media: { path: take.path, sha256: take.file.sha256, size_bytes: take.file.sizeBytes },
    generation: sidecar ? { ...sidecar.generation, phase } : unknown,
    gates: {},
    cost: {},
    ...(sidecar?.video ? { video: sidecar.video } : {}),
  };
}
