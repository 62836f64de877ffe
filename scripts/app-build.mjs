// Builds the app when its sources are newer than out/. Owns out/.circletake-build: the hash of everything the build
// reads. Contents are hashed, not times, because a git checkout changes times and nothing else.
import { createHash } from 'node:crypto';
import { existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { inRoot } from './repository.mjs';
import { capture } from './run-process.mjs';
import { SetupError, say } from './say.mjs';

const stampPath = inRoot('out', '.circletake-build');
const sources = ['src-shared', 'src-main', 'src-preload', 'src-renderer', 'resources', 'test/simulators'];
const settings = ['package.json', 'package-lock.json', 'electron.vite.config.ts', 'tsconfig.base.json'];

/** The programs that a build makes. */
export const built = {
  electron: inRoot('out', 'main', 'src-main', 'electron.js'),
  serve: inRoot('out', 'main', 'src-main', 'serve.js'),
  cli: inRoot('out', 'main', 'src-main', 'cli.js'),
  simulator: inRoot('out', 'main', 'test', 'simulators', 'main.js'),
};

/** Whether out/ was made from the sources as they are: 'none', 'stale' or 'current'. */
export function buildState() {
  if (!existsSync(stampPath)) return 'none';
  return readFileSync(stampPath, 'utf8') === hashInputs() ? 'current' : 'stale';
}

/**
 * Builds unless the build is current.
 * @param {string} node
 */
export async function ensureBuild(node) {
  if (buildState() !== 'current') await buildApp(node);
}

/**
 * Builds in any case.
 * @param {string} node
 */
export async function buildApp(node) {
  say('Building the app …');
  const hash = hashInputs();
  const result = await capture(node, [inRoot('node_modules', 'electron-vite', 'bin', 'electron-vite.js'), 'build']);
  if (result.code !== 0) throw new SetupError(`The app could not be built:\n\n${result.output.trim()}`);
  writeFileSync(stampPath, hash);
}

function hashInputs() {
  const hash = createHash('sha256');
  for (const path of [...sources.flatMap((folder) => filesBelow(folder)), ...settings]) {
    hash
      .update(`${path}\0`)
      .update(readFileSync(inRoot(path)))
      .update('\0');
  }
  return hash.digest('hex');
}

/**
 * @param {string} folder relative to the root
 * @returns {string[]}
 */
function filesBelow(folder) {
  if (!existsSync(inRoot(folder))) return [];
  const entries = readdirSync(inRoot(folder), { withFileTypes: true });
  entries.sort((a, b) => (a.name < b.name ? -1 : 1));
  return entries.flatMap((entry) => {
    const path = join(folder, entry.name);
    return entry.isDirectory() ? filesBelow(path) : [path];
  });
}
