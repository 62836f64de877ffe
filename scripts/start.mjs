// npm start: sets up, builds when needed, then opens the desktop app, or serves it to a browser where there is no
// desktop. `-- --doctor` prints what was found; `-- --browser` skips the desktop app; `-- --retry-electron` fetches
// Electron again after a failed try. Every other argument goes to the app.
import { built, ensureBuild } from './app-build.mjs';
import { printDoctor } from './doctor.mjs';
import { callerFolder } from './repository.mjs';
import { runAttached } from './run-process.mjs';
import { runScript, say } from './say.mjs';
import { setUpApp } from './setup.mjs';
import { ensureElectron, whyNoDesktop } from './setup-electron.mjs';

const ownFlags = ['--doctor', '--browser', '--retry-electron'];
const failedAtOnceMs = 5_000;

await runScript(async () => {
  const given = process.argv.slice(2);
  const wants = (/** @type {string} */ flag) => given.includes(flag);
  const passedOn = given.filter((argument) => !ownFlags.includes(argument));
  if (wants('--doctor')) return printDoctor();

  const node = await setUpApp();
  const cwd = callerFolder();
  const electron = wants('--browser') ? null : await findDesktop(node, wants('--retry-electron'));
  await ensureBuild(node);
  if (electron) {
    const startedAt = Date.now();
    const code = await runAttached(electron, [built.electron, ...passedOn], { cwd });
    if (code === 0 || Date.now() - startedAt > failedAtOnceMs) return code;
    say(`Electron could not open a window (code ${code}). Opening in a browser instead.`);
  }
  return runAttached(node, [built.serve, ...passedOn], { cwd });
});

/**
 * @param {string} node
 * @param {boolean} retry
 */
async function findDesktop(node, retry) {
  const reason = whyNoDesktop();
  if (reason) return sayBrowser(reason);
  return (await ensureElectron(node, { retry })) ?? sayBrowser('Electron could not be fetched');
}

/** @param {string} reason */
function sayBrowser(reason) {
  say(`Circletake opens in a browser on this machine (${reason}).`);
  return null;
}
