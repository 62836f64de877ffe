/**
 * One line of JSON per entry, to a stream and nowhere else. A value under a key that names a secret is never written, nor is
 * a secret that this process knows, wherever it stands; errors are written with code, stack and cause.
 */
import { maskKnownSecrets } from './known-secrets.ts';

export type LogLevel = 'debug' | 'info' | 'warn' | 'error';

export interface Logger {
  debug(message: string, fields?: Record<string, unknown>): void;
  info(message: string, fields?: Record<string, unknown>): void;
  warn(message: string, fields?: Record<string, unknown>): void;
  error(message: string, fields?: Record<string, unknown>): void;
  child(fields: Record<string, unknown>): Logger;
}

const levels: LogLevel[] = ['debug', 'info', 'warn', 'error'];
const secretKey = /(^|_|-)(key|token|secret|password|authorization|cookie)$/i;

export interface LoggerOptions {
  level: LogLevel;
  write: (line: string) => void;
}

/** A logger that writes JSON lines through `write`. */
export function createLogger(options: LoggerOptions, base: Record<string, unknown> = {}): Logger {
  const threshold = levels.indexOf(options.level);
  const log = (level: LogLevel) => (message: string, fields?: Record<string, unknown>) => {
    if (levels.indexOf(level) < threshold) return;
    const entry = { at: new Date().toISOString(), level, message, ...base, ...fields };
    options.write(`${maskKnownSecrets(JSON.stringify(entry, plainValue))}\n`);
  };
  return {
    debug: log('debug'),
    info: log('info'),
    warn: log('warn'),
    error: log('error'),
    child: (fields) => createLogger(options, { ...base, ...fields }),
  };
}

/** Logs to standard error, where it never mixes with a command's answer. */
export function createStderrLogger(level: LogLevel): Logger {
  return createLogger({ level, write: (line) => process.stderr.write(line) });
}

/** For tests and for parts that need no log. */
export const silentLogger: Logger = createLogger({ level: 'error', write: () => {} });

function plainValue(key: string, value: unknown): unknown {
  if (secretKey.test(key)) return '[not logged]';
  if (value instanceof Error) {
    const { name, message, stack, cause } = value;
    const extra = { code: Reflect.get(value, 'code'), detail: Reflect.get(value, 'detail') };
    return { name, message, stack, cause, ...extra };
  }
  return typeof value === 'bigint' ? value.toString() : value;
}
