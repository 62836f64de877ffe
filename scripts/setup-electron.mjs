// Finds Electron's program, or fetches it once. Owns node_modules/.circletake-electron, which remembers a failed fetch
// so that a machine that cannot reach the download does not wait for it at every start.
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { inRoot } from './repository.mjs';
import { capture } from './run-process.mjs';
import { say } from './say.mjs';

const folder = inRoot('node_modules', 'electron');
const failureMark = inRoot('node_modules', '.circletake-electron');
const stalledAfterMs = 20_000;
const limitMs = 600_000;

/** The path of Electron's program, or null. */
export function findElectron() {
  const pathFile = join(folder, 'path.txt');
  if (!existsSync(pathFile)) return null;
  const program = join(process.env.ELECTRON_OVERRIDE_DIST_PATH ?? join(folder, 'dist'), readFileSync(pathFile, 'utf8'));
  return existsSync(program) ? program : null;
}

/** Why Electron cannot show a window here, or null when it can. */
export function whyNoDesktop(platform = process.platform, env = process.env, uid = process.getuid?.()) {
  if (platform !== 'linux') return null;
  if (!env.DISPLAY && !env.WAYLAND_DISPLAY) return 'no display';
  return uid === 0 ? 'Electron keeps its sandbox, which root cannot have' : null;
}

/** Why the last fetch failed, or null when none failed. */
export function lastElectronFailure() {
  return existsSync(failureMark) ? readFileSync(failureMark, 'utf8').trim() : null;
}

/**
 * The path of Electron's program, or null; tries to fetch it once.
 * @param {string} node
 * @param {{ retry: boolean }} options retry: try again although the last time failed
 */
export async function ensureElectron(node, { retry }) {
  const found = findElectron();
  if (found || (lastElectronFailure() && !retry)) return found;
  if (!existsSync(folder)) return null;
  say('Fetching Electron (once) …');
  const output = await fetchElectron(node);
  const fetched = findElectron();
  if (fetched) rmSync(failureMark, { force: true });
  else writeFileSync(failureMark, `${output.trim().split('\n')[0] || 'the download did not start'}\n`);
  return fetched;
}

/**
 * Runs Electron's own installer, which is stopped when nothing arrives for a while: a slow line is waited for, a closed
 * one is not.
 * @param {string} node
 */
async function fetchElectron(node) {
  const arriving = mkdtempSync(join(tmpdir(), 'circletake-electron-'));
  const stop = new AbortController();
  const watch = watchForStall(arriving, () => stop.abort());
  const env = { TMPDIR: arriving, TEMP: arriving, TMP: arriving };
  try {
    const options = { env, timeoutMs: limitMs, signal: stop.signal };
    return (await capture(node, [join(folder, 'install.js')], options)).output;
  } finally {
    clearInterval(watch);
    rmSync(arriving, { recursive: true, force: true });
  }
}

/**
 * @param {string} path
 * @param {() => void} onStall
 */
function watchForStall(path, onStall) {
  let size = -1;
  let changedAt = Date.now();
  return setInterval(() => {
    const now = sizeOf(path) + sizeOf(join(folder, 'dist'));
    if (now !== size) changedAt = Date.now();
    else if (Date.now() - changedAt > stalledAfterMs) onStall();
    size = now;
  }, 1000);
}

/**
 * @param {string} path
 * @returns {number}
 */
function sizeOf(path) {
  try {
    if (!statSync(path).isDirectory()) return statSync(path).size;
    return readdirSync(path).reduce((sum, name) => sum + sizeOf(join(path, name)), 0);
  } catch {
    return 0; // The installer moves its files while they are counted.
  }
}
