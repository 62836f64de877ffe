import type { Attempt } from '../../../src-shared/domain/attempt.ts';
import { type MicroUsd, microUsdSchema } from '../../../src-shared/domain/money.ts';

/** What an engine says it bills; what is held for it where that is no amount of money, so that the ledger never says too little. */
export function billedFigure({ reservedMicroUsd }: Pick<Attempt, 'reservedMicroUsd'>, told: number): MicroUsd {
  return microUsdSchema.safeParse(told).success ? told : reservedMicroUsd;
}
