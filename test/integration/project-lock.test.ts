import { type ChildProcess, spawn } from 'node:child_process';
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { systemClock } from '../../src-main/platform/clock.ts';
import { takeLock } from '../../src-main/projects/project-lock.ts';

const program = fileURLToPath(new URL('../fixtures/hold-lock.ts', import.meta.url));
let folder: string;
let path: string;
let children: ChildProcess[];

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'circletake-lock-'));
  path = join(folder, 'project.lock');
  children = [];
});
afterEach(async () => {
  await Promise.all(children.map((child) => end(child, 'SIGKILL')));
  rmSync(folder, { recursive: true, force: true });
});

function start(): { child: ChildProcess; said: Promise<string> } {
  const child = spawn(process.execPath, [program, path], { stdio: ['pipe', 'pipe', 'inherit'] });
  children.push(child);
  const said = new Promise<string>((resolve) =>
    child.stdout?.once('data', (data: Buffer) => resolve(String(data).trim())),
  );
  return { child, said };
}
function end(child: ChildProcess, signal?: NodeJS.Signals): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return Promise.resolve();
  const ended = new Promise<void>((resolve) => child.once('exit', () => resolve()));
  if (signal) child.kill(signal);
  else child.stdin?.end();
  return ended;
}

describe('the lock of a project, between real processes', () => {
  it('goes to exactly one of several that start together', async () => {
    const said = await Promise.all(Array.from({ length: 4 }, () => start().said));
    expect(said.filter((text) => text === 'held')).toHaveLength(1);
    expect(said.filter((text) => text === 'refused project.in-use')).toHaveLength(3);
  });

  it('goes to exactly one of several that find a dead one', async () => {
    const dead = start();
    expect(await dead.said).toBe('held');
    await end(dead.child, 'SIGKILL');
    expect(existsSync(path)).toBe(true);
    const said = await Promise.all(Array.from({ length: 4 }, () => start().said));
    expect(said.filter((text) => text === 'held')).toHaveLength(1);
    expect(readdirSync(folder)).toEqual(['project.lock']);
  });

  it('names who has it, and is given back at the end', async () => {
    const { child, said } = start();
    expect(await said).toBe('held');
    await expect(takeLock(path, { clock: systemClock })).rejects.toMatchObject({
      ...{ code: 'project.in-use', message: expect.stringContaining(`process ${child.pid}`) },
    });
    await end(child);
    expect(existsSync(path)).toBe(false);
    const lock = await takeLock(path, { clock: systemClock });
    await lock.release();
  });

  it('is not believed when its number now belongs to another process', async () => {
    const { child, said } = start();
    await said;
    await end(child, 'SIGKILL');
    const record = JSON.parse(readFileSync(path, 'utf8'));
    writeFileSync(path, JSON.stringify({ ...record, pid: process.pid }));
    const lock = await takeLock(path, { clock: systemClock });
    await lock.release();
  });

  it('is taken over when it was left half-written', async () => {
    writeFileSync(path, '{"pid": 12');
    const lock = await takeLock(path, { clock: systemClock });
    await lock.release();
    expect(existsSync(path)).toBe(false);
  });
});
