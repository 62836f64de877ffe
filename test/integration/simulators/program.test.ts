// The simulator as a person starts it: what it says, and what it says of a mistake.
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { fileURLToPath } from 'node:url';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { startSimulator } from '../../simulators/start-simulator.ts';

const inRoot = (path: string) => fileURLToPath(new URL(`../../../${path}`, import.meta.url));
const program = inRoot('test/simulators/main.ts');

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'circletake-simulator-'));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

/** Runs it to its end. */
async function run(...args: string[]) {
  const child = spawn(process.execPath, [program, ...args], { stdio: ['ignore', 'pipe', 'pipe'], timeout: 300_000 });
  const [out, said, [code]] = await Promise.all([text(child.stdout), text(child.stderr), once(child, 'close')]);
  return { code: code as number, out, said };
}

function planFile(content: string): string {
  const path = join(folder, 'plan.json');
  writeFileSync(path, content);
  return path;
}
const planOf = (fault: object) => planFile(JSON.stringify({ schema_version: 'fault-plan.v1', faults: [fault] }));

describe('the program', () => {
  test('explains itself, its options and its fault plans', async () => {
    const { code, out } = await run('--help');
    expect(code).toBe(0);
    for (const word of [
      'npm run simulate',
      '--folder',
      '--fault-plan',
      '"schema_version": "fault-plan.v1"',
      '/_bill',
    ]) {
      expect(out).toContain(word);
    }
  });

  test.each([
    ['an option it does not have', () => ['--folder', folder, '--bogus'], '--bogus'],
    ['no folder', () => [], '--folder'],
    ['a port that is none', () => ['--folder', folder, '--port', 'abc'], '--port'],
    ['a port beyond the last', () => ['--folder', folder, '--port', '70000'], '--port'],
    ['a plan that is not there', () => ['--folder', folder, '--fault-plan', join(folder, 'no.json')], 'no.json'],
    ['a plan that is no JSON', () => ['--folder', folder, '--fault-plan', planFile('{oops')], 'plan.json is not JSON'],
    [
      'a kind of fault that is not there',
      () => ['--folder', folder, '--fault-plan', planOf({ id: 'a', kind: 'rate-limt' })],
      'faults[0].kind',
    ],
    [
      'a field that is not there',
      () => ['--folder', folder, '--fault-plan', planOf({ id: 'a', kind: 'unknown-id', x: 1 })],
      '"x"',
    ],
  ])('says in a sentence what is wrong with %s', async (_what, args, word) => {
    const { code, out, said } = await run(...args());
    expect([code, out]).toEqual([2, '']);
    expect(said).toContain(word);
    expect(said).toContain('--help');
    expect(said).not.toMatch(/\n\s+at |node:internal/);
  });

  test('says that its port is taken', async () => {
    const taken = createServer().listen(0, '127.0.0.1');
    await once(taken, 'listening');
    const { port } = taken.address() as { port: number };
    const { code, said } = await run('--folder', folder, '--port', String(port));
    taken.close();
    expect(code).toBe(2);
    expect(said).toContain(`Port ${port} is taken`);
    expect(said).not.toMatch(/\n\s+at /);
  });

  test('leaves a folder alone in which another one keeps its bill', async () => {
    const first = await startSimulator({ folder });
    const { code, said } = await run('--folder', folder);
    expect(code).toBe(2);
    expect(said).toContain('Another simulator');
    expect(await first.bill()).toEqual([]);
    await first.stop();
  });
});

describe('npm run simulate', () => {
  test('says what it is, where everything is, how the app rehearses against it, and what goes wrong', async () => {
    const plan = planOf({ id: 'lost', kind: 'accept-then-drop' });
    const args = [inRoot('scripts/simulate.mjs'), '--folder', folder, '--port', '0', '--fault-plan', plan];
    const child = spawn(process.execPath, args, { stdio: ['ignore', 'ignore', 'pipe'] });
    let said = '';
    for await (const part of child.stderr.setEncoding('utf8')) {
      said += part;
      if (said.includes('--help')) break;
    }
    const url = /http:\/\/127\.0\.0\.1:\d+/.exec(said)?.[0] ?? '';
    expect(await (await fetch(`${url}/_health`)).json()).toMatchObject({ ok: true });
    for (const word of [
      `CIRCLETAKE_SIMULATOR=${url}`,
      `${url}/fal-queue`,
      `${url}/_bill`,
      'sim-',
      'lost: accept-then-drop',
      folder,
    ]) {
      expect(said).toContain(word);
    }
    const gone = once(child, 'close');
    child.kill('SIGTERM');
    await gone;
    await expect(fetch(`${url}/_health`)).rejects.toThrow();
  });
});
