/** The command line as a script sees it: a process with arguments, two streams and an exit code. */
import { type ChildProcess, spawn } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type MadeProject, makeProject } from '../../fixtures/make-project.ts';

const script = join(import.meta.dirname, '..', '..', '..', 'src-main', 'cli.ts');

export interface Ended {
  code: number | null;
  out: string;
  err: string;
}

export interface CliWorld {
  folder: string;
  project: MadeProject;
  /** Runs a verb to its end. */
  cli(...args: string[]): Promise<Ended>;
  /** Runs a verb with --json and parses its one value. */
  json(...args: string[]): Promise<{ code: number | null; value: never; err: string }>;
  start(...args: string[]): { child: ChildProcess; ended: Promise<Ended> };
  remove(): void;
}

/** A project of two small shots and a data folder of its own; `environment` is what every verb is started with. */
export function createCliWorld(shots = 2, environment: Record<string, string> = {}): CliWorld {
  const folder = mkdtempSync(join(tmpdir(), 'circletake-cli-world-'));
  const dir = join(folder, 'film');
  const project = makeProject({ dir, shots, project: { resolution: { width: 180, height: 320 } } });
  const running = new Set<ChildProcess>();
  const start = (...args: string[]) => {
    const env = { ...process.env, CIRCLETAKE_DATA: join(folder, 'data'), ...environment };
    const child = spawn(process.execPath, [script, ...args], { env, cwd: folder });
    running.add(child);
    const ended = new Promise<Ended>((resolve, reject) => {
      const written = { out: '', err: '' };
      child.stdout.setEncoding('utf8').on('data', (text: string) => (written.out += text));
      child.stderr.setEncoding('utf8').on('data', (text: string) => (written.err += text));
      child.on('error', reject);
      child.on('close', (code) => {
        running.delete(child);
        resolve({ code, ...written });
      });
    });
    return { child, ended };
  };
  const cli = (...args: string[]) => start(...args).ended;
  return {
    folder,
    project,
    cli,
    start,
    async json(...args) {
      const { code, out, err } = await cli(...args, '--json');
      return { code, value: JSON.parse(out) as never, err };
    },
    remove() {
      for (const child of running) child.kill('SIGKILL');
      rmSync(folder, { recursive: true, force: true, maxRetries: 5 });
    },
  };
}
