// Finds ffmpeg and ffprobe, and installs them where that needs no question. Without ffmpeg the app starts and says so;
// it cannot make posters, proxies and clips until ffmpeg is there.
import { existsSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { canInstallPackages, installDebianPackages } from './debian-packages.mjs';
import { inRoot } from './repository.mjs';
import { capture, findOnPath } from './run-process.mjs';
import { say } from './say.mjs';

/** @typedef {{ path: string, from: string, version: string }} FoundTool */

const suffix = process.platform === 'win32' ? '.exe' : '';

/** Both tools; a missing one is null. Order: the setting, the optional package, the PATH. */
export async function findFfmpeg() {
  const setting = process.env.CIRCLETAKE_FFMPEG;
  const besideSetting = setting ? join(dirname(setting), `ffprobe${suffix}`) : undefined;
  return {
    ffmpeg: await firstThatRuns([
      [setting, 'CIRCLETAKE_FFMPEG'],
      [inRoot('node_modules', 'ffmpeg-static', `ffmpeg${suffix}`), 'the package ffmpeg-static'],
      [findOnPath('ffmpeg'), 'PATH'],
    ]),
    ffprobe: await firstThatRuns([
      [process.env.CIRCLETAKE_FFPROBE, 'CIRCLETAKE_FFPROBE'],
      [besideSetting, 'beside CIRCLETAKE_FFMPEG'],
      [findOnPath('ffprobe'), 'PATH'],
    ]),
  };
}

/** Finds the tools, installs what is missing if it can, and says what to run by hand if it cannot. */
export async function ensureFfmpeg() {
  let found = await findFfmpeg();
  if (found.ffmpeg && found.ffprobe) return found;
  if (canInstallPackages() && (await installDebianPackages(['ffmpeg']))) found = await findFfmpeg();
  if (!found.ffmpeg && (await fetchStaticBuild())) found = await findFfmpeg();
  if (!found.ffmpeg) say(`ffmpeg is not on this machine. Install it with:  ${howToInstallFfmpeg()}`);
  else if (!found.ffprobe) say(`ffprobe is not on this machine; some files cannot be read.  ${howToInstallFfmpeg()}`);
  return found;
}

/** The command that a person runs to get ffmpeg on a system. */
export function howToInstallFfmpeg(platform = process.platform, hasProgram = findOnPath) {
  if (platform === 'darwin') return 'brew install ffmpeg';
  if (platform === 'win32') return 'winget install --id Gyan.FFmpeg';
  if (hasProgram('dnf')) return 'sudo dnf install ffmpeg-free';
  if (hasProgram('pacman')) return 'sudo pacman -S ffmpeg';
  return 'sudo apt-get install ffmpeg';
}

/** The optional package downloads a build of its own when its installer runs. Its failure is no error: it is a second choice. */
async function fetchStaticBuild() {
  const folder = inRoot('node_modules', 'ffmpeg-static');
  if (!existsSync(join(folder, 'install.js'))) return false;
  say('Fetching a build of ffmpeg …');
  const result = await capture(process.execPath, ['install.js'], { cwd: folder, timeoutMs: 180_000 });
  return result.code === 0;
}

/**
 * @param {Array<[string | null | undefined, string]>} candidates path and where it comes from, best first
 * @returns {Promise<FoundTool | null>}
 */
async function firstThatRuns(candidates) {
  for (const [path, from] of candidates) {
    if (!path) continue;
    const { code, output } = await capture(path, ['-version'], { timeoutMs: 10_000 });
    if (code === 0) return { path, from, version: /version (\S+)/.exec(output)?.[1] ?? 'unknown' };
  }
  return null;
}
