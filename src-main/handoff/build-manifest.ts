import { usdNumber } from '../../src-shared/domain/money.ts';
import { manifestSchema, type ProvenanceRecord, provenanceRecordSchema } from '../../src-shared/domain/provenance.ts';

export interface ManifestHead {
  episodeId: string;
  project: string;
  rehearsal?: true;
  /** ISO time */
  generatedAt: string;
  totalCostMicroUsd: number;
}

/** The manifest of an episode as it is written, from its records as `manifestEntry` gives them, in the order given. */
export function manifestBytes(head: ManifestHead, entries: readonly Buffer[]): Buffer {
  const empty = manifestSchema.parse({
    episode_id: head.episodeId,
    project: head.project,
    ...(head.rehearsal ? { rehearsal: true } : {}),
    generated_at: head.generatedAt,
    total_takes: entries.length,
    total_cost: usdNumber(head.totalCostMicroUsd),
    takes: [],
  });
  const text = `${JSON.stringify(empty, null, 2)}\n`;
  if (entries.length === 0) return Buffer.from(text);
  const [before = '', after = ''] = text.split('"takes": []');
  const listed = entries.flatMap((entry, place) => (place === 0 ? [entry] : [separator, entry]));
  return Buffer.concat([Buffer.from(`${before}"takes": [\n`), ...listed, Buffer.from(`\n  ]${after}`)]);
}

const separator = Buffer.from(',\n');

/** One record of a manifest, checked against its schema; thousands of them are too much for one turn of the event loop. */
export function manifestEntry(record: ProvenanceRecord): Buffer {
  return Buffer.from(JSON.stringify(provenanceRecordSchema.parse(record), null, 2).replace(/^/gm, '    '));
}

/** One record as a line of whole JSON, with its newline. */
export function jsonLine(record: ProvenanceRecord): Buffer {
  return Buffer.from(`${JSON.stringify(record)}\n`);
}
