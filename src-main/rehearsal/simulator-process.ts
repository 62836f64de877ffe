/**
 * The simulator of one rehearsal: a process of its own with its bill in the rehearsal's folder. It is told nothing of this
 * user's keys. It keeps its port, so that jobs which were given addresses find it again after a restart.
 */
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { z } from 'zod';
import type { RehearsalTrouble } from '../../src-shared/api/rehearsals-contract.ts';
import { AppError } from '../platform/app-error.ts';
import { findAppRoot } from '../platform/app-root.ts';
import { makeFolder, readJsonFile, writeFileAtomic } from '../platform/atomic-file.ts';
import { openChildRegistry } from '../platform/child-registry.ts';
import { type Companion, startCompanion } from '../platform/companion-process.ts';
import type { Logger } from '../platform/logger.ts';

export interface SimulatorOptions {
  /** its own folder in the rehearsal */
  folder: string;
  trouble: RehearsalTrouble;
  ffmpegPath: string | null;
  /** folder of the list of children */
  childrenFolder: string;
  logger: Logger;
  /** it can be reached (again) */
  onReady: () => void;
}

export interface Simulator {
  /** null while it is not there */
  url(): string | null;
  close(): Promise<void>;
}

const readySchema = z.object({ ready: z.literal(true), url: z.url() });
const placeSchema = z.object({ port: z.number().int().min(1).max(65_535) });
/** Within what a rehearsal's simulator lists a job, with time to spare: its plans say seconds. */
export const listsWithinMs = 60_000;

/** What each trouble is, in `test/simulators/plans`. */
export const plans: Record<RehearsalTrouble, string> = { none: 'rehearsal.json', 'rough-night': 'rough-night.json' };

/** Starts it; throws `rehearsal.unavailable` with what to do. */
export async function startSimulator(options: SimulatorOptions): Promise<Simulator> {
  const program = findProgram();
  const placeFile = join(options.folder, 'place.json');
  await makeFolder(options.folder);
  const place = placeSchema.safeParse(await readJsonFile(placeFile).catch(() => null));
  const state = { url: null as string | null, port: place.success ? place.data.port : 0 };
  const run = () =>
    startCompanion({
      command: () => ({
        program: process.execPath,
        args: argumentsOf(options, program, state.port),
        env: plainEnvironment(),
      }),
      onReady(line) {
        const { url } = readySchema.parse(line);
        state.url = url;
        state.port = Number(new URL(url).port);
        options.onReady();
      },
      onGone() {
        state.url = null;
      },
      registry: openChildRegistry(options.childrenFolder),
      logger: options.logger,
    });
  const companion = await startOnAnyPort(run, state);
  await writeFileAtomic(placeFile, JSON.stringify({ port: state.port }));
  return { url: () => state.url, close: () => companion.close() };
}

/** The port it had may be somebody else's by now. */
async function startOnAnyPort(run: () => Promise<Companion>, state: { port: number }): Promise<Companion> {
  try {
    return await run();
  } catch (error) {
    if (state.port === 0) throw unavailable(error);
    state.port = 0;
    return run().catch((again: unknown) => {
      throw unavailable(again);
    });
  }
}

function argumentsOf({ folder, trouble, ffmpegPath }: SimulatorOptions, program: string, port: number): string[] {
  const plan = join(findAppRoot(), 'test', 'simulators', 'plans', plans[trouble]);
  return [
    ...[program, '--folder', folder, '--port', String(port), '--fault-plan', plan],
    ...(ffmpegPath === null ? [] : ['--ffmpeg', ffmpegPath]),
  ];
}

/** The built one beside a built app, the source beside the sources. */
function findProgram(): string {
  const root = findAppRoot();
  const built = join(root, 'out', 'main', 'test', 'simulators', 'main.js');
  const source = join(root, 'test', 'simulators', 'main.ts');
  const order = import.meta.url.endsWith('.ts') ? [source, built] : [built, source];
  const found = order.find((path) => existsSync(path));
  if (found) return found;
  throw unavailable(new Error('the simulator is not in the program’s folder'));
}

/** Without keys, and in Electron as plain Node. */
function plainEnvironment(): Record<string, string | undefined> {
  const kept = Object.entries(process.env).filter(([name]) => !name.startsWith('CIRCLETAKE_KEY_'));
  return { ...Object.fromEntries(kept), ELECTRON_RUN_AS_NODE: '1', NODE_OPTIONS: '' };
}

function unavailable(cause: unknown): AppError {
  const why = cause instanceof Error ? cause.message : String(cause);
  return new AppError({
    code: 'rehearsal.unavailable',
    message: `The simulator could not be started: ${why}.`,
    hint: 'Build Circletake once more (npm run build). Or start it yourself with npm run simulate and give its address in CIRCLETAKE_SIMULATOR.',
    cause,
    retry: true,
  });
}
