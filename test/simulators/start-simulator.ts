/** The simulator as a child process, for tests: where each provider is, its bill, its clock, its faults, and its end. */
import { type ChildProcess, spawn } from 'node:child_process';
import { existsSync, mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import type { BillQuestion } from './admin.ts';
import type { FaultPlanInput } from './core/fault-plan.ts';
import type { BillRow, SeenRequest } from './core/job.ts';

export type { FaultPlanInput } from './core/fault-plan.ts';
export type { BillRow, SeenRequest } from './core/job.ts';

export interface SimulatorOptions {
  /** where it keeps its bill; a second start with the same folder goes on with everything */
  folder: string;
  /** given again at a restart it goes on: hits are counted by the faults' ids */
  faultPlan?: FaultPlanInput;
  env?: Record<string, string>;
  /** a free one unless named; a restart under the same port keeps the addresses that jobs were told */
  port?: number;
  /** it lives on when the process that started it is gone, however that ended; otherwise nothing of a killed test is left */
  outlive?: boolean;
}

/** The base url of each provider: what an adapter is given in place of the provider's own. */
export interface SimulatorUrls {
  fal: { queue: string; rest: string; api: string };
  kling: string;
  ark: string;
  google: string;
  openai: string;
  replicate: string;
  runway: string;
  comfyui: string;
}

export interface RunningSimulator {
  readonly url: string;
  readonly port: number;
  readonly pid: number;
  readonly urls: SimulatorUrls;
  /** any key that begins with `sim-` is let in */
  readonly key: string;
  bill(question?: BillQuestion): Promise<BillRow[]>;
  requests(): Promise<SeenRequest[]>;
  advanceClock(ms: number): Promise<void>;
  /** Replaces the plan; hits count from nothing. */
  setFaults(plan: Omit<FaultPlanInput, 'schema_version'>): Promise<void>;
  /** How often each fault of the plan has hit. */
  faultHits(): Promise<Record<string, number>>;
  /** Ends it at once; resolves when it is gone. */
  kill(signal?: NodeJS.Signals): Promise<void>;
  /** Ends it in good order; resolves when it is gone. */
  stop(): Promise<void>;
}

/** Starts the simulator from the sources; resolves when it listens. */
export async function startSimulator(options: SimulatorOptions): Promise<RunningSimulator> {
  const args = ['--folder', options.folder, '--port', String(options.port ?? 0)];
  if (options.faultPlan) {
    mkdirSync(options.folder, { recursive: true });
    const path = join(options.folder, 'given-plan.json');
    writeFileSync(path, JSON.stringify(options.faultPlan));
    args.push('--fault-plan', path);
  }
  if (!options.outlive) args.push('--while-stdin');
  const child = spawn(process.execPath, [entry(), ...args], {
    stdio: [options.outlive ? 'ignore' : 'pipe', 'pipe', 'inherit'],
    env: { ...process.env, NODE_OPTIONS: '', ...options.env },
  });
  const gone = new Promise<void>((resolve) => child.once('close', () => resolve()));
  const { url } = await readyLine(child);
  const end = async (signal: NodeJS.Signals) => {
    child.kill(signal);
    await gone;
  };
  return {
    ...{ url, port: Number(new URL(url).port), pid: child.pid ?? 0, urls: urlsOf(url), key: 'sim-key' },
    bill: async (question = {}) =>
      (await ask<{ rows: BillRow[] }>(`${url}/_bill?${new URLSearchParams(question)}`)).rows,
    requests: async () => (await ask<{ rows: SeenRequest[] }>(`${url}/_requests`)).rows,
    advanceClock: async (advanceMs) => void (await ask(`${url}/_clock`, { advanceMs })),
    setFaults: async (plan) => void (await ask(`${url}/_faults`, { schema_version: 'fault-plan.v1', ...plan })),
    faultHits: async () => {
      const { faults } = await ask<{ faults: { id: string; hits: number }[] }>(`${url}/_faults`);
      return Object.fromEntries(faults.map(({ id, hits }) => [id, hits]));
    },
    kill: (signal = 'SIGKILL') => end(signal),
    stop: () => end('SIGTERM'),
  };
}

/** Where each provider is, below the simulator's address. */
export function urlsOf(url: string): SimulatorUrls {
  const at = (prefix: string) => `${url}/${prefix}`;
  return {
    fal: { queue: at('fal-queue'), rest: at('fal-rest'), api: at('fal-api') },
    kling: at('kling'),
    ark: at('ark'),
    google: at('google'),
    openai: at('openai'),
    replicate: at('replicate'),
    runway: at('runway'),
    comfyui: at('comfyui'),
  };
}

/** Beside this file: a source here, a script in a built app. */
function entry(): string {
  const source = fileURLToPath(new URL('main.ts', import.meta.url));
  return existsSync(source) ? source : fileURLToPath(new URL('main.js', import.meta.url));
}

function readyLine(child: ChildProcess): Promise<{ url: string }> {
  return new Promise((resolve, reject) => {
    child.once('error', reject);
    child.once('close', (code) => reject(new Error(`The simulator ended with code ${code} before it listened.`)));
    if (child.stdout)
      createInterface(child.stdout).once('line', (line) => resolve(JSON.parse(line) as { url: string }));
  });
}

async function ask<T>(url: string, body?: unknown): Promise<T> {
  const response = await fetch(url, body === undefined ? {} : { method: 'POST', body: JSON.stringify(body) });
  if (!response.ok) throw new Error(`The simulator refused ${url}: ${await response.text()}`);
  return (await response.json()) as T;
}
