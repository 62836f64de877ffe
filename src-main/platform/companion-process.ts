// A child that runs beside its owner until it is ended: it says in one line of JSON when it is ready, is started again when
// it dies, and is ended with its owner. A crash of the owner leaves it in the list of children, which the next start clears.
import { type ChildProcess, spawn } from 'node:child_process';
import { createInterface } from 'node:readline';
import { type ChildRegistry, killGroup } from './child-registry.ts';
import type { Logger } from './logger.ts';

export interface CompanionOptions {
  /** program and arguments of the next start */
  command: () => { program: string; args: readonly string[]; env: Record<string, string | undefined> };
  /** reads what it says when it is ready; throws when that is nothing of the kind */
  onReady: (line: unknown) => void;
  /** it has ended without being asked to; it is started again after a moment */
  onGone: () => void;
  registry: ChildRegistry;
  logger: Logger;
  readyTimeoutMs?: number;
}

export interface Companion {
  /** Safe to call twice. */
  close(): Promise<void>;
}

const defaultReadyTimeoutMs = 20_000;
const closeTimeoutMs = 3_000;
const restartPauseMs = 300;
/** so many deaths in a row before it was ready, and it is left alone */
const mostFailedStarts = 5;

/** Starts it; resolves when it is ready, rejects when the first start does not get there. */
export async function startCompanion(options: CompanionOptions): Promise<Companion> {
  let child: ChildProcess | null = null;
  let closing = false;
  let failed = 0;
  const killNow = () => {
    if (child?.pid !== undefined) killGroup(child.pid);
  };
  process.on('exit', killNow);
  const start = async (): Promise<void> => {
    const started = spawnCompanion(options);
    child = started;
    started.once('exit', () => {
      if (started.pid !== undefined) options.registry.remove(started.pid);
      if (closing || child !== started) return;
      options.onGone();
      failed += 1;
      if (failed < mostFailedStarts) setTimeout(startAgain, restartPauseMs * failed).unref();
    });
    options.onReady(await readyLine(started, options.readyTimeoutMs ?? defaultReadyTimeoutMs));
    failed = 0;
  };
  const startAgain = () => {
    if (!closing) void start().catch(complain);
  };
  const complain = (error: unknown) => options.logger.warn('a companion did not start again', { error });
  const close = async () => {
    closing = true;
    process.off('exit', killNow);
    if (child) await end(child);
  };
  try {
    await start();
  } catch (error) {
    await close();
    throw error;
  }
  return { close };
}

function spawnCompanion({ command, registry, logger }: CompanionOptions): ChildProcess {
  const { program, args, env } = command();
  const child = spawn(program, [...args], {
    stdio: ['ignore', 'pipe', 'pipe'],
    detached: process.platform !== 'win32',
    windowsHide: true,
    env,
  });
  child.once('error', (error) => logger.warn('a companion could not be started', { error }));
  child.stderr?.setEncoding('utf8').on('data', (text: string) => logger.warn('a companion says', { text }));
  if (child.pid !== undefined) registry.add(child.pid, program);
  return child;
}

function readyLine(child: ChildProcess, timeoutMs: number): Promise<unknown> {
  return new Promise((resolve, reject) => {
    const timer = setTimeout(() => reject(new Error('it was not ready in time')), timeoutMs);
    const settle = (work: () => void) => {
      clearTimeout(timer);
      work();
    };
    child.once('error', (error) => settle(() => reject(error)));
    child.once('exit', (code) => settle(() => reject(new Error(`it ended with code ${code} before it was ready`))));
    if (!child.stdout) return;
    createInterface(child.stdout).once('line', (line) =>
      settle(() => {
        try {
          resolve(JSON.parse(line));
        } catch (error) {
          reject(error);
        }
      }),
    );
  });
}

/** Asks it to end, and ends it when it does not. */
function end(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null || child.pid === undefined) return Promise.resolve();
  const { pid } = child;
  return new Promise((resolve) => {
    const timer = setTimeout(() => killGroup(pid), closeTimeoutMs);
    child.once('exit', () => {
      clearTimeout(timer);
      resolve();
    });
    child.kill('SIGTERM');
  });
}
