import { AppError } from '../platform/app-error.ts';

/** A port as a person typed it; left out = 0, a free one. */
export function readPort(text: string | undefined): number {
  if (text === undefined) return 0;
  const port = /^\d{1,5}$/.test(text) ? Number(text) : Number.NaN;
  if (port >= 1 && port <= 65_535) return port;
  throw new AppError({
    code: 'input.invalid',
    message: `“${text.slice(0, 20)}” is not a port.`,
    hint: 'Give a number from 1 to 65535, or leave --port out for a free one.',
  });
}
