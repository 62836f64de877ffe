/** What the head of a batch says of it beside its counts. Pure. */
import { type Batch, committedMicroUsd, isCutShort, type Spend } from '../../../src-shared/domain/batch.ts';
import { spanText } from '../../ui/time-text.ts';

/** For example "embedded, 2 shots at once, autonomy off". */
export function settingsText({ config }: Pick<Batch, 'config'>): string {
  const atOnce = config.maxConcurrent === 1 ? 'one shot at once' : `${config.maxConcurrent} shots at once`;
  return `${config.provider}, ${atOnce}, autonomy ${config.autonomy.enabled ? 'on' : 'off'}`;
}

/** For example ", took 1 h 40 min"; nothing while it is under way. */
export function tookText({
  startedAt,
  createdAt,
  completedAt,
}: Pick<Batch, 'startedAt' | 'createdAt' | 'completedAt'>) {
  return completedAt === null ? '' : `, took ${spanText(Date.parse(completedAt) - Date.parse(startedAt ?? createdAt))}`;
}

/** What a person does about a batch that ended before its work did; empty when there is nothing to do. */
export function nextStepOf(batch: Pick<Batch, 'status' | 'counts'>): string {
  const isUnfinished = batch.counts.pending > 0 || batch.counts.halted > 0;
  if (batch.status === 'failed' && isUnfinished) return 'Another batch goes on with what is left; approved takes stay.';
  return isCutShort(batch) && batch.counts.pending > 0 ? 'Another batch goes on with what is left.' : '';
}

/** By how much more is bound than the cap allows: a price that came out higher than it was said to be. */
export function overCapMicroUsd(spend: Spend): number {
  return Math.max(0, committedMicroUsd(spend) - spend.capMicroUsd);
}
