import { join } from 'node:path';
import { AppError } from '../platform/app-error.ts';
import type { Logger } from '../platform/logger.ts';
import { readRehearsalNote } from '../rehearsal/rehearsal-note.ts';
import { listsWithinMs, startSimulator } from '../rehearsal/simulator-process.ts';

/** The simulator as an open rehearsal sees it. */
export interface OpenSimulator {
  /** null while it is not there */
  url(): string | null;
  /** why it is not there, as a sentence */
  trouble(): string | null;
  /** within what it lists a job; null = nobody knows */
  listsWithinMs: number | null;
  close(): Promise<void>;
}

export interface OpenSimulatorOptions {
  /** folder of the rehearsal */
  root: string;
  /** one that a person has started; null = start one */
  given: string | null;
  ffmpegPath: string | null;
  childrenFolder: string;
  logger: Logger;
  onReady: () => void;
}

const loopback = /^https?:\/\/(127\.0\.0\.1|localhost|\[::1\])(:\d+)?\/?$/;

/** Starts the simulator of a rehearsal. One that cannot start keeps nothing from being looked at: it says why when asked. */
export async function openSimulator(options: OpenSimulatorOptions): Promise<OpenSimulator> {
  const { root, given, logger } = options;
  if (given !== null) return givenSimulator(given);
  const plan = (await readRehearsalNote(root))?.trouble ?? 'none';
  try {
    const simulator = await startSimulator({ ...options, folder: join(root, 'simulator'), trouble: plan });
    const gone = 'The simulator of this rehearsal has ended and is started again.';
    const trouble = () => (simulator.url() === null ? gone : null);
    return { url: simulator.url, trouble, listsWithinMs, close: simulator.close };
  } catch (error) {
    if (!(error instanceof AppError)) throw error;
    logger.warn('the simulator of a rehearsal did not start', { error });
    return nowhere([error.message, error.hint].filter(Boolean).join(' '));
  }
}

/** Only one of this machine: an address elsewhere might be a provider that takes money. */
function givenSimulator(url: string): OpenSimulator {
  if (!loopback.test(url)) return nowhere('CIRCLETAKE_SIMULATOR must name a simulator on this machine.');
  return { url: () => url.replace(/\/$/, ''), trouble: () => null, listsWithinMs: null, close: async () => undefined };
}

function nowhere(why: string): OpenSimulator {
  return { url: () => null, trouble: () => why, listsWithinMs: null, close: async () => undefined };
}
