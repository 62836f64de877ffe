// Finds the Chromium that the end-to-end tests drive, and installs one where that needs no question.
import { existsSync } from 'node:fs';
import { createRequire } from 'node:module';
import { canInstallPackages, installDebianPackages } from './debian-packages.mjs';
import { inRoot } from './repository.mjs';
import { capture, findOnPath } from './run-process.mjs';
import { SetupError, say } from './say.mjs';

const namesOnPath = ['chromium', 'chromium-browser', 'google-chrome', 'google-chrome-stable'];
const usualPlaces = [
  '/Applications/Google Chrome.app/Contents/MacOS/Google Chrome',
  '/Applications/Chromium.app/Contents/MacOS/Chromium',
  'C:\\Program Files\\Google\\Chrome\\Application\\chrome.exe',
];

/**
 * The path of a Chromium and where it comes from, or null. Order: the setting, the PATH, the usual places,
 * Playwright's own.
 */
export function findChromium() {
  const setting = process.env.CIRCLETAKE_CHROMIUM;
  if (setting) return { path: setting, from: 'CIRCLETAKE_CHROMIUM' };
  for (const name of namesOnPath) {
    const path = findOnPath(name);
    if (path) return { path, from: 'PATH' };
  }
  const usual = usualPlaces.find((path) => existsSync(path));
  if (usual) return { path: usual, from: 'its usual place' };
  const ofPlaywright = playwrightChromium();
  return ofPlaywright ? { path: ofPlaywright, from: 'Playwright' } : null;
}

/**
 * Finds a Chromium that really runs; installs one if it can.
 * @param {string} node the Node that runs Playwright's installer
 */
export async function ensureChromium(node) {
  if (await runs(findChromium()?.path)) return findChromium();
  if (canInstallPackages()) await installDebianPackages(['chromium', 'fonts-dejavu-core']);
  if (await runs(findChromium()?.path)) return findChromium();
  say('Fetching a Chromium for the tests …');
  const playwrightCli = inRoot('node_modules', 'playwright', 'cli.js');
  await capture(node, [playwrightCli, 'install', 'chromium'], { timeoutMs: 300_000 });
  const path = playwrightChromium();
  if (path && (await runs(path))) return { path, from: 'Playwright' };
  throw new SetupError(
    'The end-to-end tests need Chromium or Chrome. Install one, or set CIRCLETAKE_CHROMIUM to its program file.',
  );
}

function playwrightChromium() {
  try {
    const path = createRequire(inRoot('package.json'))('playwright').chromium.executablePath();
    return existsSync(path) ? path : null;
  } catch {
    return null; // Playwright is not installed yet, or has no Chromium for this platform.
  }
}

/**
 * Ubuntu's `chromium` can be a stub that only points to another store, so its presence says nothing: ask for its version.
 * @param {string | undefined} path
 */
async function runs(path) {
  if (!path) return false;
  const { code, output } = await capture(path, ['--version'], { timeoutMs: 30_000 });
  return code === 0 && /Chrom/.test(output);
}
