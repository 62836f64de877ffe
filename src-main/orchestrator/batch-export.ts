import { z } from 'zod';
import { type Batch, batchStatusSchema, committedMicroUsd } from '../../src-shared/domain/batch.ts';
import { usdNumber } from '../../src-shared/domain/money.ts';

/** `state/visual/batches/<batch_id>.json`: the batch as the reference sheet's BatchState; times in epoch seconds. */
export const batchStateFileSchema = z.strictObject({
  batch_id: z.string(),
  project: z.string(),
  episode_id: z.string(),
  status: batchStatusSchema,
  started_at: z.number(),
  completed_at: z.number(),
  total_cost: z.number(),
  shots_completed: z.number().int(),
  shots_failed: z.number().int(),
  shots_pending: z.number().int(),
  shots_in_review: z.number().int(),
  auto_approved: z.number().int(),
  error_message: z.string().nullable(),
});
export type BatchStateFile = z.infer<typeof batchStateFileSchema>;

/** The export of a batch. */
export function toBatchState(batch: Batch, project: string): BatchStateFile {
  return {
    batch_id: batch.id,
    project,
    episode_id: batch.episodeId,
    status: batch.status,
    started_at: epochSeconds(batch.startedAt),
    completed_at: epochSeconds(batch.completedAt),
    total_cost: usdNumber(committedMicroUsd(batch.spend)),
    shots_completed: batch.counts.completed,
    shots_failed: batch.counts.halted,
    shots_pending: batch.counts.pending,
    shots_in_review: batch.counts.inReview,
    auto_approved: batch.autoApproved,
    error_message: batch.statusReason,
  };
}

function epochSeconds(iso: string | null): number {
  return iso === null ? 0 : Date.parse(iso) / 1000;
}
