import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { delimiter, join } from 'node:path';
import { describe, expect, onTestFinished, test } from 'vitest';
import { capture, findOnPath } from '../../../scripts/run-process.mjs';

const node = process.execPath;
const module = join(import.meta.dirname, '../../../scripts/run-process.mjs');

/** A script that runs a program with `runAttached` and ends with its exit code, as start.mjs does. */
function wrapperOf(program: string, options = {}) {
  return `import { runAttached } from ${JSON.stringify(module)};
    const args = ['-e', ${JSON.stringify(program)}];
    process.exitCode = await runAttached(process.execPath, args, ${JSON.stringify(options)});`;
}

function start(...args: string[]) {
  return spawn(node, args, { stdio: ['ignore', 'pipe', 'inherit'] });
}

function startWrapper(program: string) {
  return start('--input-type=module', '-e', wrapperOf(program));
}

describe('running programs', () => {
  test('keeps what a program prints, and its exit code', async () => {
    const result = await capture(node, ['-e', 'console.log(1); console.error(2); process.exit(3)']);
    expect(result.code).toBe(3);
    expect(result.output.split('\n').sort().join('')).toBe('12');
  });

  test('gives no key of an engine to what it sets up', async () => {
    const program = 'console.log(process.env.CIRCLETAKE_KEY_FAL, process.env.CIRCLETAKE_DATA)';
    const env = { CIRCLETAKE_KEY_FAL: 'planted-key', CIRCLETAKE_DATA: 'there' };
    expect((await capture(node, ['-e', program], { env })).output).toBe('undefined there\n');
  });

  test('answers 127 for a program that is not there', async () => {
    expect((await capture('no-such-program', [])).code).toBe(127);
  });

  test('ends a program that takes too long', async () => {
    const result = await capture(node, ['-e', 'setInterval(() => {}, 1000)'], { timeoutMs: 50 });
    expect(result.timedOut).toBe(true);
  });

  test('hands on the exit code of an attached program', async () => {
    const wrapper = startWrapper('process.exit(5)');
    expect(await once(wrapper, 'exit')).toEqual([5, null]);
  });

  test('passes signals on and waits for the answer', async () => {
    const wrapper = startWrapper(
      "process.on('SIGTERM', () => process.exit(7)); console.log('up'); setInterval(() => {}, 1e6)",
    );
    await once(wrapper.stdout, 'data');
    wrapper.kill('SIGTERM');
    expect(await once(wrapper, 'exit')).toEqual([7, null]);
  });

  test('ends the program when whoever started the script is gone', async () => {
    const program = "process.on('SIGTERM', () => process.exit()); console.log('up'); setInterval(() => {}, 1e6)";
    const wrapper = JSON.stringify(['--input-type=module', '-e', wrapperOf(program)]);
    const shell = start('-e', `child_process.spawn(process.execPath, ${wrapper}, { stdio: 'inherit' })`);
    await once(shell.stdout, 'data');
    shell.kill('SIGKILL');
    await once(shell.stdout, 'close'); // the program holds the pipe open for as long as it lives
  });

  test('kills a program that takes too long, with everything that it started', async () => {
    const endless = 'setInterval(() => {}, 1e6)';
    const program = `child_process.spawn(process.execPath, ['-e', '${endless}'], { stdio: 'inherit' }); ${endless}`;
    const wrapper = start('--input-type=module', '-e', wrapperOf(program, { timeoutMs: 300 }));
    const ended = once(wrapper, 'exit');
    await once(wrapper.stdout, 'close'); // held open by all of them
    expect(await ended).toEqual([137, null]);
  });

  test('reports a program that a signal ended as a shell does', async () => {
    const wrapper = startWrapper("process.kill(process.pid, 'SIGKILL')");
    expect(await once(wrapper, 'exit')).toEqual([137, null]);
  });

  test('finds a program in the first folder of the path that has it', () => {
    const folder = mkdtempSync(join(tmpdir(), 'circletake-path-'));
    onTestFinished(() => rmSync(folder, { recursive: true }));
    const file = join(folder, process.platform === 'win32' ? 'tool.exe' : 'tool');
    writeFileSync(file, '');
    expect(findOnPath('tool', ['/nowhere', folder].join(delimiter))).toBe(file);
    expect(findOnPath('other', folder)).toBeNull();
  });
});
