// Starting other programs. Two ways: `capture` waits and keeps what was printed; `runAttached` hands over the terminal.
// Both give the child a PATH on which the repository's own tools come first.
import { spawn } from 'node:child_process';
import { existsSync } from 'node:fs';
import { constants } from 'node:os';
import { delimiter, join } from 'node:path';
import { inRoot } from './repository.mjs';

/** @typedef {{ cwd?: string, env?: NodeJS.ProcessEnv, timeoutMs?: number, signal?: AbortSignal }} RunOptions */
/** @typedef {(signal: NodeJS.Signals) => void} SendSignal */
/** @typedef {{ code: number, output: string, timedOut: boolean }} Captured */

const isWindows = process.platform === 'win32';
/** Read at once: who is gone before the child has started is noticed too. */
const startedBy = process.ppid;

/**
 * Finds a program on the PATH, or null.
 * @param {string} name
 * @param {string} [searchPath]
 */
export function findOnPath(name, searchPath = process.env.PATH ?? '') {
  const names = isWindows ? [`${name}.exe`, `${name}.cmd`] : [name];
  for (const folder of searchPath.split(delimiter).filter(Boolean)) {
    for (const candidate of names) if (existsSync(join(folder, candidate))) return join(folder, candidate);
  }
  return null;
}

/**
 * Runs a program to its end and keeps stdout and stderr together. A program that cannot be started has code 127. It is given
 * no key of an engine: npm lets every package that it installs run a script.
 * @param {string} command
 * @param {string[]} args
 * @param {RunOptions} [options]
 * @returns {Promise<Captured>}
 */
export function capture(command, args, options = {}) {
  return new Promise((resolve) => {
    const child = spawn(command, args, {
      cwd: options.cwd ?? inRoot(),
      env: withoutKeys(childEnvironment(options.env)),
      stdio: ['ignore', 'pipe', 'pipe'],
      signal: options.signal,
      killSignal: 'SIGKILL',
    });
    let output = '';
    let timedOut = false;
    const keep = (/** @type {Buffer} */ bytes) => {
      output += bytes.toString('utf8');
    };
    child.stdout.on('data', keep);
    child.stderr.on('data', keep);
    const timer = options.timeoutMs
      ? setTimeout(() => {
          timedOut = true;
          child.kill('SIGKILL');
        }, options.timeoutMs)
      : undefined;
    child.on('error', (error) => finish(127, `${output}${error.message}`));
    child.on('close', (code) => finish(code ?? 1, output));

    function finish(/** @type {number} */ code, /** @type {string} */ text) {
      clearTimeout(timer);
      resolve({ code, output: text, timedOut });
    }
  });
}

/**
 * Runs a program on this terminal, passes signals on to it and resolves to its exit code (128 + n after signal n).
 * With a time limit the program and all that it started are killed when it has passed.
 * @param {string} command
 * @param {string[]} args
 * @param {RunOptions} [options]
 * @returns {Promise<number>}
 */
export function runAttached(command, args, options = {}) {
  return new Promise((resolve) => {
    // Only a group of its own can be killed as a whole; on a terminal it would no longer hear Ctrl+C.
    const ownGroup = Boolean(options.timeoutMs) && !isWindows && !process.stdin.isTTY;
    const child = spawn(command, args, {
      cwd: options.cwd ?? process.cwd(),
      env: childEnvironment(options.env),
      stdio: 'inherit',
      detached: ownGroup,
    });
    /** @type {SendSignal} */
    const send = (signal) => (ownGroup && child.pid ? process.kill(-child.pid, signal) : child.kill(signal));
    const letGo = [forwardSignals(send), endWithParent(send), killLater(send, options.timeoutMs)];
    const finish = (/** @type {number} */ code) => {
      for (const stop of letGo) stop();
      resolve(code);
    };
    child.on('error', () => finish(127));
    child.on('exit', (code, signal) => finish(code ?? 128 + constants.signals[signal ?? 'SIGTERM']));
  });
}

/**
 * Passes signals on. On a terminal Ctrl+C reaches the whole group, the child too, so there it is only ignored here:
 * forwarded as well, it would look like a second Ctrl+C, which means "stop at once".
 * @param {SendSignal} send
 */
function forwardSignals(send) {
  /** @type {Array<[NodeJS.Signals, () => void]>} */
  const handlers = [
    ['SIGINT', () => process.stdin.isTTY || send('SIGINT')],
    ['SIGTERM', () => send('SIGTERM')],
    ['SIGHUP', () => send('SIGHUP')],
  ];
  for (const [signal, handler] of handlers) process.on(signal, handler);
  return () => {
    for (const [signal, handler] of handlers) process.off(signal, handler);
  };
}

/**
 * Ends the child when whoever started this script is gone. npm starts scripts through a shell that does not pass
 * signals on, so a supervisor that ends `npm start` would otherwise leave the app running and the project locked.
 * @param {SendSignal} send
 */
function endWithParent(send) {
  const timer = setInterval(() => process.ppid !== startedBy && send('SIGTERM'), 500);
  return () => clearInterval(timer);
}

/**
 * @param {SendSignal} send
 * @param {number | undefined} afterMs
 */
function killLater(send, afterMs) {
  const timer = afterMs ? setTimeout(() => send('SIGKILL'), afterMs) : undefined;
  return () => clearTimeout(timer);
}

/**
 * The environment of a child: ours, with node_modules/.bin in front, so that `node` means the project's Node there.
 * @param {NodeJS.ProcessEnv} [extra]
 */
function childEnvironment(extra) {
  const bin = inRoot('node_modules', '.bin');
  const name = Object.keys(process.env).find((key) => key.toUpperCase() === 'PATH') ?? 'PATH'; // Windows says `Path`.
  return { ...process.env, [name]: `${bin}${delimiter}${process.env[name] ?? ''}`, ...extra };
}

/** @param {NodeJS.ProcessEnv} env */
function withoutKeys(env) {
  return Object.fromEntries(Object.entries(env).filter(([name]) => !name.startsWith('CIRCLETAKE_KEY_')));
}
