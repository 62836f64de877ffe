import { usdNumber } from '../../src-shared/domain/money.ts';
import { type Manifest, manifestSchema, type ProvenanceRecord } from '../../src-shared/domain/provenance.ts';
import type { Take } from '../../src-shared/domain/take.ts';

/** The manifest of an episode from its records, in the order given; checked against its own schema. */
export function buildManifest(
  episode: { episodeId: string; project: string; generatedAt: string },
  takes: readonly Take[],
  records: readonly ProvenanceRecord[],
): Manifest {
  const total = takes.reduce((sum, take) => sum + take.costMicroUsd, 0);
  return manifestSchema.parse({
    episode_id: episode.episodeId,
    project: episode.project,
    generated_at: episode.generatedAt,
    total_takes: records.length,
    total_cost: usdNumber(total),
    takes: records,
  });
}

/** One record a line, each line whole JSON, with a final newline. */
export function toJsonLines(records: readonly ProvenanceRecord[]): string {
  return records.map((record) => `${JSON.stringify(record)}\n`).join('');
}
