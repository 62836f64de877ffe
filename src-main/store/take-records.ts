import type { ProvenanceRecord } from '../../src-shared/domain/provenance.ts';
import { AppError } from '../platform/app-error.ts';
import type { StoreContext } from './store-context.ts';

/** Keeps a take's provenance record and, apart, the references that it was made with. */
export function writeRecord(context: StoreContext, takeId: string, record: ProvenanceRecord): void {
  context.sql.run('INSERT INTO take_records (take_id, record) VALUES (?, ?)', takeId, JSON.stringify(record));
  const start = record.video?.start_frame;
  for (const ref of [...record.generation.refs_used, ...(start ? [start] : [])]) {
    context.sql.run(
      'INSERT INTO take_refs (take_id, role, sha256, path) VALUES (?, ?, ?, ?) ON CONFLICT DO NOTHING',
      ...[takeId, ref.role, ref.hash, ref.path],
    );
  }
}

/** What made a take does not change afterwards; gates, costs of gates and a person's decision may be added. */
export function requireSameFacts(before: ProvenanceRecord, after: ProvenanceRecord): void {
  const names = ['take_id', 'shot_id', 'attempt', 'source', 'media', 'generation', 'video', 'lineage'] as const;
  const changed = names.find((name) => stable(before[name]) !== stable(after[name]));
  if (changed === undefined) return;
  throw new AppError({
    code: 'take.protected',
    message: `The record of ${before.take_id} says what made it; “${changed}” cannot be changed afterwards.`,
    detail: { before: before[changed], after: after[changed] },
  });
}

/** JSON with keys in order, so that only values count. */
function stable(value: unknown): string {
  return JSON.stringify(value ?? null, (_key, part: unknown) =>
    part !== null && typeof part === 'object' && !Array.isArray(part)
      ? Object.fromEntries(Object.entries(part).sort(([a], [b]) => (a < b ? -1 : 1)))
      : part,
  );
}
