import { type Batch, committedMicroUsd } from '../../src-shared/domain/batch.ts';
import { formatUsd } from '../../src-shared/domain/money.ts';
import { phraseOfBatch, phrasesOfCounts } from '../../src-shared/phrases.ts';

/** "Awaiting operator · 1 of 12 shots done, 3 need you, 0 halted, 8 to go · $0.30 of $25.00" */
export function standingOf(batch: Batch): string {
  const spent = `${formatUsd(committedMicroUsd(batch.spend))} of ${formatUsd(batch.spend.capMicroUsd)}`;
  return [phraseOfBatch(batch), phrasesOfCounts(batch).join(', '), spent].join(' · ');
}

/** A stamp to the second, in UTC as logs are: "2026-11-21 18:30:15Z". JSON has it whole. */
export function stampOf(at: string): string {
  return `${at.slice(0, 19).replace('T', ' ')}Z`;
}

/** Why nothing runs in a batch any more, and what a person at a terminal may do about it. */
export function nextStepsOf(batch: Batch): string[] {
  const { inReview, halted } = batch.counts;
  const steps = batch.statusReason === null ? [] : [batch.statusReason];
  if (batch.status === 'budget_exhausted')
    steps.push('The same command with a higher --budget raises the cap of this batch.');
  if (batch.status === 'paused') steps.push('The same command goes on.');
  if (inReview > 0) steps.push(`${shots(inReview)} a decision: in the app, or circletake approve and reject.`);
  if (batch.awaitingOperator || halted > 0 || batch.status === 'failed') {
    steps.push(`circletake batches <dir> ${batch.id} says of each shot where it stands and why.`);
  }
  return steps;
}

function shots(count: number): string {
  return count === 1 ? '1 shot awaits' : `${count} shots await`;
}
