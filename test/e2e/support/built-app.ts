/** The built app, served for a browser as `npm start` serves it, on a project folder of the test's own. */
import { type ChildProcess, spawn } from 'node:child_process';
import { cpSync, mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';

const root = resolve(import.meta.dirname, '../../..');

export interface BuiltApp {
  /** one-time link that signs the browser in */
  readonly link: string;
  readonly folder: string;
  readonly process: ChildProcess;
  /** what it wrote to its log */
  log(): string;
  /** asks it to end and waits until it has */
  stop(signal?: NodeJS.Signals): Promise<void>;
}

/** A folder for everything that a test makes; removed by `remove`. */
export function makeWorld(): { folder: string; remove: () => void } {
  const folder = mkdtempSync(join(tmpdir(), 'circletake-e2e-'));
  return { folder, remove: () => rmSync(folder, { recursive: true, force: true, maxRetries: 5 }) };
}

/** The sample production as it is shipped, copied. */
export function copySample(world: string): string {
  const projects = join(root, 'projects');
  const [sample] = readdirSync(projects, { withFileTypes: true }).filter((entry) => entry.isDirectory());
  if (!sample) throw new Error('there is no sample production');
  const folder = join(world, 'production');
  cpSync(join(projects, sample.name), folder, { recursive: true });
  return folder;
}

/** Starts the built server on a project and waits for its link. */
export async function startBuiltApp(world: string, folder: string, extra: string[] = []): Promise<BuiltApp> {
  const child = spawn(process.execPath, [join(root, 'out/main/src-main/serve.js'), folder, ...extra], {
    env: { ...process.env, CIRCLETAKE_DATA: join(world, 'data') },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  let log = '';
  child.stderr.on('data', (chunk: Buffer) => {
    log += chunk.toString();
  });
  const link = await new Promise<string>((found, failed) => {
    let text = '';
    child.stdout.on('data', (chunk: Buffer) => {
      text += chunk.toString();
      const match = /http:\/\/\S+/.exec(text);
      if (match) found(match[0]);
    });
    child.once('exit', (code) => failed(new Error(`the server ended with ${code}: ${log}`)));
  });
  return {
    ...{ link, folder, process: child },
    log: () => log,
    async stop(signal = 'SIGTERM') {
      if (child.exitCode !== null || child.signalCode !== null) return;
      const gone = new Promise((done) => child.once('exit', done));
      child.kill(signal);
      await gone;
    },
  };
}
