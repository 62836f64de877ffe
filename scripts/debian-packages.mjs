// Installs Debian and Ubuntu packages, only where that needs no question: as root with apt-get at hand.
import { capture, findOnPath } from './run-process.mjs';
import { say } from './say.mjs';

/** Whether packages can be installed here without asking anybody. */
export function canInstallPackages() {
  return process.platform === 'linux' && process.getuid?.() === 0 && findOnPath('apt-get') !== null;
}

/**
 * Installs the packages and says whether that worked. The package lists are refreshed only when the first try fails,
 * because a fresh machine image usually has none and a kept one does not need them again.
 * @param {string[]} names
 */
export async function installDebianPackages(names) {
  say(`Installing ${names.join(', ')} with apt-get …`);
  const env = { DEBIAN_FRONTEND: 'noninteractive' };
  const install = ['install', '-y', '--no-install-recommends', ...names];
  const first = await capture('apt-get', install, { env, timeoutMs: 600_000 });
  if (first.code === 0) return true;
  await capture('apt-get', ['update'], { env, timeoutMs: 300_000 });
  const second = await capture('apt-get', install, { env, timeoutMs: 600_000 });
  if (second.code !== 0) say(second.output.trim().split('\n').slice(-6).join('\n'));
  return second.code === 0;
}
