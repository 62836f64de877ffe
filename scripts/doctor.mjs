// npm start -- --doctor: what this machine has, without changing anything on it. Works when anything is missing.
import { existsSync } from 'node:fs';
import { buildState, built } from './app-build.mjs';
import { inRoot } from './repository.mjs';
import { capture, runAttached } from './run-process.mjs';
import { findChromium } from './setup-chromium.mjs';
import { findElectron, lastElectronFailure, whyNoDesktop } from './setup-electron.mjs';
import { findFfmpeg, howToInstallFfmpeg } from './setup-ffmpeg.mjs';
import { findNode, requiredMajor } from './setup-node.mjs';
import { nodeModulesState, npmCommand } from './setup-node-modules.mjs';

/** Prints the facts of the set-up, then those that the app itself knows when it has been built. Resolves to 0, or 1 when something that the app needs is missing. */
export async function printDoctor() {
  const facts = await collectFacts();
  const lines = facts.map(({ name, state, text }) => `${state.padEnd(8)}${name.padEnd(14)}${text}\n`);
  process.stdout.write(lines.join(''));
  const node = await findNode(requiredMajor());
  if (node && nodeModulesState() === 'current' && existsSync(built.cli)) {
    process.stdout.write('\n');
    await runAttached(node, [built.cli, 'doctor']);
  }
  return facts.some(({ state }) => state === 'missing') ? 1 : 0;
}

/** @returns {Promise<Array<{ name: string, state: 'ok' | 'missing' | 'note', text: string }>>} */
async function collectFacts() {
  const { ffmpeg, ffprobe } = await findFfmpeg();
  const chromium = findChromium();
  const byStart = 'npm start brings it';
  return [
    { name: 'system', state: 'ok', text: `${process.platform}-${process.arch}` },
    await nodeFact(),
    { name: 'npm', state: 'ok', text: await npmVersion() },
    { name: 'packages', state: nodeModulesState() === 'current' ? 'ok' : 'note', text: packagesText() },
    toolFact('ffmpeg', ffmpeg),
    toolFact('ffprobe', ffprobe),
    chromium
      ? { name: 'chromium', state: 'ok', text: `${chromium.path} (${chromium.from})` }
      : { name: 'chromium', state: 'note', text: 'none; only the tests need it, and npm test brings it' },
    electronFact(),
    desktopFact(),
    {
      name: 'build',
      state: buildState() === 'current' ? 'ok' : 'note',
      text: `${buildState()}; ${byStart} up to date`,
    },
  ];
}

async function nodeFact() {
  const major = requiredMajor();
  const node = await findNode(major);
  if (!node)
    return /** @type {const} */ ({
      name: 'node',
      state: 'note',
      text: `${process.version}; npm start brings Node ${major}`,
    });
  const { output } = await capture(node, ['--version']);
  return /** @type {const} */ ({ name: 'node', state: 'ok', text: `${output.trim()}  ${node}` });
}

/**
 * @param {string} name
 * @param {import('./setup-ffmpeg.mjs').FoundTool | null} tool
 * @returns {{ name: string, state: 'ok' | 'missing', text: string }}
 */
function toolFact(name, tool) {
  if (!tool) return { name, state: 'missing', text: `install it with:  ${howToInstallFfmpeg()}` };
  return { name, state: 'ok', text: `${tool.version}  ${tool.path} (${tool.from})` };
}

/** @returns {{ name: string, state: 'ok' | 'note', text: string }} */
function electronFact() {
  const electron = findElectron();
  if (electron) return { name: 'electron', state: 'ok', text: electron };
  const failure = lastElectronFailure();
  const text = failure
    ? `the last try failed: ${failure}; npm start -- --retry-electron tries again`
    : 'not fetched yet';
  return { name: 'electron', state: 'note', text };
}

/** @returns {{ name: string, state: 'ok' | 'note', text: string }} */
function desktopFact() {
  const reason = whyNoDesktop();
  if (!reason) return { name: 'desktop', state: 'ok', text: 'windows can be opened' };
  return { name: 'desktop', state: 'note', text: `${reason}; the app opens in a browser` };
}

async function npmVersion() {
  const npm = npmCommand();
  const { code, output } = await capture(npm.command, [...npm.args, '--version', '--loglevel=error'], {
    cwd: inRoot(),
  });
  return code === 0 ? output.trim() : 'not found';
}

function packagesText() {
  const state = nodeModulesState();
  if (state === 'current') return 'as in package-lock.json';
  return state === 'none'
    ? 'not installed; npm start installs them'
    : 'older than package-lock.json; npm start updates them';
}
