// Finds a Node that is new enough for the sources. The scripts themselves start under whatever Node the machine has
// (18 or later); everything else runs under the one in node_modules, which the package `node` brings.
import { existsSync, readFileSync } from 'node:fs';
import { inRoot } from './repository.mjs';
import { capture } from './run-process.mjs';
import { SetupError, say } from './say.mjs';
import { npmCommand } from './setup-node-modules.mjs';

/** The path of a Node that can run the sources; brings it when it is missing. */
export async function ensureNode() {
  const major = requiredMajor();
  const found = (await findNode(major)) ?? (await installNode(major));
  if (found) return found;
  throw new SetupError(
    `Circletake needs Node ${major} and this is ${process.version}. The package that brings Node ${major} could not be ` +
      `installed for ${process.platform}-${process.arch}.\nInstall Node ${major} or later from nodejs.org and try again.`,
  );
}

/** Whether this script itself runs under a Node that is new enough. */
export function runsUnderRequiredNode() {
  return parseMajor(process.version) >= requiredMajor();
}

/** The major version that package.json asks for. */
export function requiredMajor() {
  const { engines } = JSON.parse(readFileSync(inRoot('package.json'), 'utf8'));
  return Number(/\d+/.exec(engines.node)?.[0]);
}

/**
 * A Node of at least this major version, or null: the one in node_modules, else the one that runs this script.
 * @param {number} major
 */
export async function findNode(major) {
  // Asked by its link in .bin: without the link, `npm run …` would run the machine's own Node.
  const bundled =
    process.platform === 'win32'
      ? inRoot('node_modules', 'node', 'bin', 'node.exe')
      : inRoot('node_modules', '.bin', 'node');
  if (existsSync(bundled) && (await majorOf(bundled)) >= major) return bundled;
  return parseMajor(process.version) >= major ? process.execPath : null;
}

/** @param {number} major */
async function installNode(major) {
  if (!existsSync(inRoot('node_modules', 'node'))) return null;
  say(`Fetching Node ${major} (this is ${process.version}) …`);
  // The package's install script fetches the program; npm then also links it into node_modules/.bin, where every
  // `npm run …` finds it before the machine's own.
  const npm = npmCommand();
  const env = { npm_config_ignore_scripts: 'false' };
  const args = [...npm.args, 'rebuild', 'node', '--loglevel=error'];
  const result = await capture(npm.command, args, { env, timeoutMs: 300_000 });
  if (result.code !== 0) say(result.output.trim());
  return findNode(major);
}

/** @param {string} node */
async function majorOf(node) {
  const { code, output } = await capture(node, ['--version']);
  return code === 0 ? parseMajor(output) : 0;
}

/** @param {string} version */
function parseMajor(version) {
  return Number(/^v(\d+)\./.exec(version)?.[1] ?? 0);
}
