// npm run dev: the app with hot reload. With Electron and a display electron-vite does all of it; otherwise the
// renderer is rebuilt as it changes and the server starts again as its sources change, and the browser is reloaded
// by hand. Arguments go to the app.
import { spawn } from 'node:child_process';
import { inRoot } from './repository.mjs';
import { runAttached } from './run-process.mjs';
import { runScript, say } from './say.mjs';
import { setUpApp } from './setup.mjs';
import { ensureElectron, whyNoDesktop } from './setup-electron.mjs';

const electronVite = inRoot('node_modules', 'electron-vite', 'bin', 'electron-vite.js');

await runScript(async () => {
  const node = await setUpApp();
  const passedOn = process.argv.slice(2);
  const desktop = whyNoDesktop() === null && (await ensureElectron(node, { retry: false }));
  const cwd = inRoot();
  if (desktop) return runAttached(node, [electronVite, 'dev', '--', ...passedOn], { cwd });
  return serveWithReload(node, passedOn);
});

/**
 * @param {string} node
 * @param {string[]} passedOn
 */
async function serveWithReload(node, passedOn) {
  say('No desktop here: rebuilding the renderer and restarting the server as files change.');
  const renderer = spawn(node, [inRoot('scripts', 'watch-renderer.mjs')], { cwd: inRoot(), stdio: 'inherit' });
  try {
    const watched = ['--watch', '--watch-preserve-output', inRoot('src-main', 'serve.ts'), ...passedOn];
    return await runAttached(node, watched, { cwd: inRoot() });
  } finally {
    renderer.kill();
  }
}
