import type { Attempt, AttemptFailure } from '../../../src-shared/domain/attempt.ts';
import { formatUsd } from '../../../src-shared/domain/money.ts';
import type { ProviderAdapter } from '../ports/provider.ts';

const hourMs = 3_600_000;

/** A result that its provider will not give: when it was asked for too late, that is said, and what it cost. */
export function tellLostResult(
  { name, capabilities }: Pick<ProviderAdapter, 'name' | 'capabilities'>,
  { updatedAt, reservedMicroUsd }: Pick<Attempt, 'updatedAt' | 'reservedMicroUsd'>,
  asked: { failure: AttemptFailure; now: Date },
): AttemptFailure {
  const { resultTtlMs } = capabilities;
  const { failure, now } = asked;
  if (resultTtlMs === null || now.getTime() - Date.parse(updatedAt) <= resultTtlMs) return failure;
  const hours = Math.round(resultTtlMs / hourMs);
  const kept = hours === 1 ? 'an hour' : hours < 72 ? `${hours} hours` : `${Math.round(hours / 24)} days`;
  const message = `The result had expired: ${name} keeps what it makes for ${kept}. ${formatUsd(reservedMicroUsd)} was paid for it. ${failure.message}`;
  return { ...failure, message };
}
