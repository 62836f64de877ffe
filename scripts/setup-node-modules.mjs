// Brings node_modules in step with package-lock.json. Owns node_modules/.circletake-setup, which holds the hash of the
// lock file that was installed; npm's own record of what is there is asked before anything is installed again, so a
// tree that a person installed by hand is left alone.
import { createHash } from 'node:crypto';
import { existsSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { inRoot } from './repository.mjs';
import { capture } from './run-process.mjs';
import { SetupError, say } from './say.mjs';

const stampPath = inRoot('node_modules', '.circletake-setup');

/** Whether a set-up of exactly this lock file has come to its end here. */
export function isSetUp() {
  return readOrNull(stampPath) === lockHash();
}

/** Remembers that the set-up has come to its end. */
export function markSetUp() {
  writeFileSync(stampPath, lockHash());
}

/** Installs the packages unless they are already those of the lock file. */
export async function ensurePackages() {
  if (nodeModulesState() === 'current') return;
  say('Installing packages (once, about a minute) …');
  // Install scripts stay off: the two that matter are run by the steps that need them, and better-sqlite3's would ask
  // for a compiler although its package carries a build for every platform.
  await runNpm(npmCommand(), ['ci', '--ignore-scripts']);
}

/**
 * Adds the native builds that npm left out because the Node it ran under is too old for them: it takes an optional
 * package with an unmet `engines` for one that is not wanted, and says nothing.
 * @param {string} node
 */
export async function completePackages(node) {
  await runNpm(npmCommand(node), ['install', '--no-save', '--ignore-scripts']);
}

/** Whether node_modules is as the lock file says: 'none', 'stale' or 'current'. */
export function nodeModulesState() {
  const installed = readOrNull(inRoot('node_modules', '.package-lock.json'));
  if (installed === null) return 'none';
  return isInstalled(readLock(), installed) ? 'current' : 'stale';
}

/**
 * Whether npm's record of node_modules holds every package that the lock file asks for on this machine.
 * @param {string} lockText package-lock.json
 * @param {string} installedText node_modules/.package-lock.json
 */
export function isInstalled(lockText, installedText) {
  /** @type {Record<string, { version: string, optional?: boolean, devOptional?: boolean }>} */
  const wanted = JSON.parse(lockText).packages;
  const present = JSON.parse(installedText).packages ?? {};
  return Object.entries(wanted).every(([path, { version, optional, devOptional }]) => {
    if (path === '') return true;
    const found = present[path]?.version;
    // An optional package may be missing (another platform's build), but not be there in another version.
    return found === version || (found === undefined && Boolean(optional || devOptional));
  });
}

/**
 * The program and first arguments that run npm, without a shell wherever npm started us.
 * @param {string} [node] the Node to run it under
 */
export function npmCommand(node = process.execPath) {
  const npmCli = process.env.npm_execpath;
  if (npmCli?.endsWith('.js') && existsSync(npmCli)) return { command: node, args: [npmCli] };
  return { command: process.platform === 'win32' ? 'npm.cmd' : 'npm', args: [] };
}

/**
 * @param {{ command: string, args: string[] }} npm
 * @param {string[]} args
 */
async function runNpm(npm, args) {
  rmSync(stampPath, { force: true });
  const result = await capture(npm.command, [...npm.args, ...args, '--no-audit', '--no-fund', '--loglevel=error']);
  if (result.code === 0) return;
  throw new SetupError(
    `The packages could not be installed. npm said:\n${result.output.trim().split('\n').slice(-15).join('\n')}\n\n` +
      'Check the connection to the npm registry, then run the same command again.',
  );
}

function lockHash() {
  return createHash('sha256').update(readLock()).digest('hex');
}

function readLock() {
  return readFileSync(inRoot('package-lock.json'), 'utf8');
}

/** @param {string} path */
function readOrNull(path) {
  return existsSync(path) ? readFileSync(path, 'utf8') : null;
}
