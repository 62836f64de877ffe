import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { getPriority, tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { identifyProcess } from '../../src-main/platform/process-identity.ts';
import {
  createProcessRunner,
  type ProcessRequest,
  type ProcessRunner,
} from '../../src-main/platform/process-runner.ts';

let folder: string;
let runner: ProcessRunner;
const apps: ChildProcess[] = [];

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'circletake-runner-'));
  runner = createProcessRunner({ concurrency: 2, registryFolder: folder });
});
afterEach(async () => {
  runner.dispose();
  for (const app of apps.splice(0)) app.kill('SIGKILL');
  await rm(folder, { recursive: true, force: true });
});

function node(script: string, more: Partial<ProcessRequest> = {}): ProcessRequest {
  return { command: process.execPath, args: ['-e', script], timeoutMs: 120_000, ...more };
}

/** Waits until a process is gone: it is, or the test times out. */
async function untilGone(pid: number): Promise<void> {
  while ((await identifyProcess(pid)) !== null) await new Promise((resolve) => setImmediate(resolve));
}

describe('one child', () => {
  test('gives back output and exit code, also a bad one', async () => {
    const result = await runner.run(node('console.log("out"); console.error("err"); process.exit(3)'));
    expect(result).toMatchObject({ exitCode: 3, stderr: 'err\n', timedOut: false, truncated: false });
    expect(result.stdout.toString()).toBe('out\n');
    expect(await readdir(folder)).toEqual([]);
  });

  test('gets its arguments as they are, past any shell', async () => {
    const args = ['$(touch x)', '`id`', 'a b', '; ls', '*', '"'];
    const result = await runner.run({
      ...node(''),
      args: ['-p', 'JSON.stringify(process.argv.slice(1))', '--', ...args],
    });
    expect(JSON.parse(result.stdout.toString())).toEqual(args);
  });

  test('reads what it is fed, and has no input otherwise', async () => {
    const echo = 'process.stdin.pipe(process.stdout)';
    expect((await runner.run(node(echo, { input: Buffer.from('fed') }))).stdout.toString()).toBe('fed');
    expect((await runner.run(node(echo))).stdout.toString()).toBe('');
  });

  test('keeps output within bounds', async () => {
    const result = await runner.run(
      node('process.stdout.write("x".repeat(100000)); console.error("y".repeat(200000))', { maxStdoutBytes: 1000 }),
    );
    expect(result).toMatchObject({ truncated: true });
    expect(result.stdout).toHaveLength(1000);
    expect(result.stderr.length).toBeLessThanOrEqual(64 * 1024);
  });

  test('is ended with what it started when its time is up', async () => {
    const grandchild = `require('child_process').spawn(process.execPath, ['-e', 'setInterval(()=>{},1000)'], {stdio:'ignore'})`;
    const script = `console.log(${grandchild}.pid); setInterval(()=>{}, 1000)`;
    const result = await runner.run(node(script, { timeoutMs: 1500 }));
    expect(result).toMatchObject({ exitCode: null, timedOut: true });
    await untilGone(Number(result.stdout.toString()));
  });

  test('is ended by an abort', async () => {
    const controller = new AbortController();
    const pid = Promise.withResolvers<number>();
    const onStdout = (chunk: Buffer) => pid.resolve(Number(chunk.toString()));
    const running = runner.run(
      node('console.log(process.pid); setInterval(()=>{},1000)', { signal: controller.signal, onStdout }),
    );
    await pid.promise;
    controller.abort();
    await expect(running).rejects.toMatchObject({ name: 'AbortError' });
    await untilGone(await pid.promise);
    expect(await readdir(folder)).toEqual([]);
  });

  test.skipIf(process.platform === 'win32')('in the background gives way, with all its threads', async () => {
    const script = 'setTimeout(() => console.log(require("os").getPriority()), 200)';
    const result = await runner.run(node(script, { background: true }));
    expect(Number(result.stdout.toString())).toBeGreaterThan(getPriority());
  });

  test('that does not exist is the system’s error', async () => {
    await expect(runner.run({ ...node(''), command: join(folder, 'none') })).rejects.toMatchObject({ code: 'ENOENT' });
  });
});

test('at most two children run at a time', async () => {
  const marks = join(folder, 'marks');
  const go = join(folder, 'go');
  // each stays until it is told to go, which is when two are there
  const script = `const fs = require('fs');
    fs.appendFileSync(${JSON.stringify(marks)}, '+');
    const look = setInterval(() => {
      if (!fs.existsSync(${JSON.stringify(go)})) return;
      clearInterval(look);
      fs.appendFileSync(${JSON.stringify(marks)}, '-');
    }, 5);`;
  const all = Promise.all(Array.from({ length: 5 }, () => runner.run(node(script, { timeoutMs: 120_000 }))));
  await vi.waitFor(async () => expect(await readFile(marks, 'utf8')).toBe('++'), { timeout: 60_000 });
  await writeFile(go, '');
  await all;
  let running = 0;
  let most = 0;
  for (const mark of await readFile(marks, 'utf8')) {
    running += mark === '+' ? 1 : -1;
    most = Math.max(most, running);
  }
  expect([running, most]).toEqual([0, 2]);
});

test('a runner that is closed ends its children and starts no more', async () => {
  const pid = Promise.withResolvers<number>();
  const onStdout = (chunk: Buffer) => pid.resolve(Number(chunk.toString()));
  const running = runner.run(node('console.log(process.pid); setInterval(()=>{},1000)', { onStdout }));
  await pid.promise;
  runner.dispose();
  expect(await running).toMatchObject({ exitCode: null });
  await expect(runner.run(node(''))).rejects.toMatchObject({ name: 'AbortError' });
});

describe('after a crash', () => {
  async function startApp(): Promise<{ app: ChildProcess; childPid: number }> {
    const app = spawn(
      process.execPath,
      [fileURLToPath(new URL('../fixtures/run-and-hang.ts', import.meta.url)), folder],
      {
        stdio: ['ignore', 'pipe', 'inherit'],
      },
    );
    apps.push(app);
    const [chunk] = await once(app.stdout as NodeJS.ReadableStream, 'data');
    return { app, childPid: Number(String(chunk)) };
  }

  test('the child that outlived a killed app is ended at the next start', async () => {
    const { app, childPid } = await startApp();
    app.kill('SIGKILL');
    await once(app, 'close').catch(() => undefined);
    expect(await identifyProcess(childPid)).not.toBeNull();
    expect(await runner.reapOrphans()).toEqual([childPid]);
    await untilGone(childPid);
    expect(await readdir(folder)).toEqual([]);
  });

  test('the child of an app that still runs is left alone', async () => {
    const { childPid } = await startApp();
    expect(await runner.reapOrphans()).toEqual([]);
    expect(await identifyProcess(childPid)).not.toBeNull();
    expect(await readdir(folder)).toEqual([`${childPid}.json`]);
  });

  test('a stranger that got the number of a child is never ended', async () => {
    const stranger = spawn(process.execPath, ['-e', 'setInterval(()=>{},1000)'], { stdio: 'ignore' });
    apps.push(stranger);
    const pid = stranger.pid ?? 0;
    const record = {
      pid,
      identity: 'started:1',
      command: 'ffmpeg',
      owner: { pid: 2 ** 22 + 5, identity: 'started:1' },
    };
    await writeFile(join(folder, `${pid}.json`), JSON.stringify(record));
    expect(await runner.reapOrphans()).toEqual([]);
    expect(await identifyProcess(pid)).not.toBeNull();
    expect(await readdir(folder)).toEqual([]);
  });

  test('a torn record is removed', async () => {
    await writeFile(join(folder, '77.json'), '{"pid": 77, "iden');
    expect(await runner.reapOrphans()).toEqual([]);
    expect(await readdir(folder)).toEqual([]);
  });
});
