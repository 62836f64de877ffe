import { z } from 'zod';

/** Money is an integer count of millionths of a US dollar; floats never touch it. */
export const microUsdSchema = z.number().int().nonnegative().safe();
export type MicroUsd = number;

const microPerDollar = 1_000_000;

/** Reads "12", "12.5" or "$12.50" exactly; more than six decimals or anything else is null. */
export function parseUsd(text: string): MicroUsd | null {
  const match = /^\$?(\d{1,9})(?:\.(\d{1,6}))?$/.exec(text.trim());
  if (!match) return null;
  const whole = Number(match[1]) * microPerDollar;
  return whole + Number((match[2] ?? '').padEnd(6, '0'));
}

/** "$1.25"; below one cent all six decimals are kept so that nothing spent shows as nothing. */
export function formatUsd(amount: MicroUsd): string {
  const sign = amount < 0 ? '-' : '';
  const abs = Math.abs(amount);
  if (abs > 0 && abs < 10_000) return `${sign}$${(abs / microPerDollar).toFixed(6).replace(/0{1,3}$/, '')}`;
  const cents = Math.round(abs / 10_000);
  return `${sign}$${Math.floor(cents / 100).toLocaleString('en-US')}.${String(cents % 100).padStart(2, '0')}`;
}

/** "$0.047": what one second or one still costs, for which whole cents are too coarse. */
export function formatUnitUsd(amount: number): string {
  return amount >= 1_000_000 ? formatUsd(Math.round(amount)) : `$${(amount / microPerDollar).toFixed(3)}`;
}

/** Dollars as a number, for exports whose contract asks for a decimal (4 places). */
export function usdNumber(amount: MicroUsd): number {
  return Math.round(amount / 100) / 10_000;
}
