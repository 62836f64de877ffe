import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { openChildRegistry } from '../../src-main/platform/child-registry.ts';
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

it('that a killed app left behind is ended at the next start, which finds its port and its bill again', async () => {
  const { url, pid } = await startInAppAndKillThat();
  const submit = await fetch(`${url}/fal-queue/fal-ai/nano-banana-pro`, {
    ...{ method: 'POST', body: JSON.stringify({ prompt: 'x' }) },
    headers: { authorization: 'Key sim-test', 'content-type': 'application/json' },
  });
  expect(submit.status).toBe(200);
  expect(await openChildRegistry(join(folder, 'children')).reapOrphans()).toEqual([pid]);
  const running = await start();
  expect(running.url()).toBe(url);
  const bill = await fetch(`${url}/_bill`);
  expect(await bill.json()).toMatchObject({ rows: [{ prompt: 'x' }] });
});

/** A process that starts it as the app does and is killed as soon as it runs. */
async function startInAppAndKillThat() {
  const source = (path: string) => JSON.stringify(new URL(`../../src-main/${path}`, import.meta.url).href);
  const options = { folder: join(folder, 'simulator'), childrenFolder: join(folder, 'children') };
  const script = `const { startSimulator } = await import(${source('rehearsal/simulator-process.ts')});
    const { silentLogger: logger } = await import(${source('platform/logger.ts')});
    const options = { ...${JSON.stringify(options)}, trouble: 'none', ffmpegPath: null, logger, onReady() {} };
    process.stdout.write((await startSimulator(options)).url() + '\\n');`;
  const app = spawn(process.execPath, ['--input-type=module', '-e', script], { stdio: ['ignore', 'pipe', 'inherit'] });
  const gone = once(app, 'exit');
  const [url] = (await once(createInterface(app.stdout), 'line')) as [string];
  app.kill('SIGKILL');
  await gone;
  return { url, pid: (await healthOf(url)).pid };
}

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
