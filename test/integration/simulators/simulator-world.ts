import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type FaultPlanInput, type RunningSimulator, startSimulator } from '../../simulators/start-simulator.ts';

export interface Answer<Body = Record<string, unknown>> {
  status: number;
  headers: Headers;
  /** parsed when it is JSON, else the text */
  body: Body;
}

/** A simulator in a folder of the test's own, and the requests that tests of its protocols make. */
export interface SimulatorWorld {
  readonly simulator: RunningSimulator;
  readonly folder: string;
  /** Every request carries the key in the provider's way. */
  ask<Body = Record<string, unknown>>(
    method: string,
    url: string,
    body?: unknown,
    headers?: Record<string, string>,
  ): Promise<Answer<Body>>;
  /** Without the key, which goes to the provider's own addresses only, unless it is wanted. */
  download(url: string, how?: { withKey: boolean }): Promise<{ status: number; bytes: Buffer }>;
  faults(...faults: NonNullable<FaultPlanInput['faults']>): Promise<void>;
  settings(settings: NonNullable<FaultPlanInput['settings']>): Promise<void>;
  /** Ends it as a crash would and starts it again where it was. */
  crashAndRestart(): Promise<void>;
  close(): Promise<void>;
}

export async function openSimulatorWorld(
  auth: Record<string, string> = { authorization: 'Key sim-test' },
): Promise<SimulatorWorld> {
  const folder = mkdtempSync(join(tmpdir(), 'circletake-simulator-'));
  let simulator = await startSimulator({ folder });
  return {
    folder,
    get simulator() {
      return simulator;
    },
    ask: async <Body>(method: string, url: string, body?: unknown, headers: Record<string, string> = {}) => {
      const isForm = body instanceof FormData;
      const sent = isForm ? body : body === undefined ? undefined : JSON.stringify(body);
      const type: Record<string, string> = isForm || body === undefined ? {} : { 'content-type': 'application/json' };
      const response = await fetch(url, { method, body: sent, headers: { ...auth, ...type, ...headers } });
      const text = await response.text();
      return { status: response.status, headers: response.headers, body: parsed(text) as Body };
    },
    download: async (url, { withKey } = { withKey: false }) => {
      const response = await fetch(url, { headers: withKey ? auth : {} });
      return { status: response.status, bytes: Buffer.from(await response.arrayBuffer()) };
    },
    faults: (...faults) => simulator.setFaults({ faults }),
    settings: (settings) => simulator.setFaults({ settings }),
    crashAndRestart: async () => {
      const { port } = simulator;
      await simulator.kill('SIGKILL');
      simulator = await startSimulator({ folder, port });
    },
    close: async () => {
      await simulator.stop();
      rmSync(folder, { recursive: true, force: true });
    },
  };
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return text;
  }
}

/** A tiny PNG, 16×9 and grey. */
export const pngPicture = Buffer.from(
  'iVBORw0KGgoAAAANSUhEUgAAABAAAAAJCAAAAAAeQfPuAAAAD0lEQVR4nGNoQAMMg0QAAIXUSAEMc2GTAAAAAElFTkSuQmCC',
  'base64',
);
