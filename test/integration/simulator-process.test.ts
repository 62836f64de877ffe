import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { silentLogger } from '../../src-main/platform/logger.ts';
import { type Simulator, startSimulator } from '../../src-main/rehearsal/simulator-process.ts';

let folder: string;
let simulator: Simulator | null = null;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'circletake-companion-'));
});
afterEach(async () => {
  await simulator?.close();
  await rm(folder, { recursive: true, force: true, maxRetries: 5 });
});

async function start(onReady: () => void = () => undefined) {
  simulator = await startSimulator({
    ...{ folder: join(folder, 'simulator'), trouble: 'none', ffmpegPath: null, logger: silentLogger, onReady },
    childrenFolder: join(folder, 'children'),
  });
  return simulator;
}
const healthOf = async (url: string | null) => (await fetch(`${url}/_health`)).json() as Promise<{ pid: number }>;

it('is started again at the same address when it dies', async () => {
  let ready = Promise.withResolvers<void>();
  const running = await start(() => ready.resolve());
  const url = running.url();
  const { pid } = await healthOf(url);
  ready = Promise.withResolvers<void>();
  process.kill(pid, 'SIGKILL');
  await ready.promise;
  expect(running.url()).toBe(url);
  expect((await healthOf(url)).pid).not.toBe(pid);
});

it('comes back at the same address when the rehearsal is opened again, and is gone when it is closed', async () => {
  const first = await start();
  const url = first.url();
  await first.close();
  await expect(healthOf(url)).rejects.toThrow();
  expect((await start()).url()).toBe(url);
});

it('is told no key of this user', async () => {
  process.env.CIRCLETAKE_KEY_FAL = 'real-key-of-mine';
  try {
    const { pid } = await healthOf((await start()).url());
    const environment = await readFile(`/proc/${pid}/environ`, 'utf8').catch(() => '');
    expect(environment).not.toContain('real-key-of-mine');
  } finally {
    delete process.env.CIRCLETAKE_KEY_FAL;
  }
});
