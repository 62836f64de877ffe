// npm run dev: the app with hot reload. With Electron and a display electron-vite does all of it. Elsewhere the
// renderer is rebuilt as it changes, the server runs from its sources and starts again as they change, and the browser
// is reloaded by hand. Arguments go to the app.
import { spawn } from 'node:child_process';
import { ensureBuild } from './app-build.mjs';
import { inRoot } from './repository.mjs';
import { runAttached } from './run-process.mjs';
import { runScript, say } from './say.mjs';
import { setUpApp } from './setup.mjs';
import { ensureElectron, whyNoDesktop } from './setup-electron.mjs';

const electronVite = inRoot('node_modules', 'electron-vite', 'bin', 'electron-vite.js');
const cwd = inRoot();

await runScript(async () => {
  const node = await setUpApp();
  const passedOn = process.argv.slice(2);
  const desktop = whyNoDesktop() === null && (await ensureElectron(node, { retry: false }));
  if (desktop) return runAttached(node, [electronVite, 'dev', '--', ...passedOn], { cwd });

  say('No desktop here: rebuilding as files change; reload the browser to see it.');
  await ensureBuild(node);
  const rebuilding = spawn(node, [inRoot('scripts', 'watch-renderer.mjs')], { cwd, stdio: 'inherit' });
  try {
    return await runAttached(
      node,
      ['--watch', '--watch-preserve-output', inRoot('src-main', 'serve.ts'), ...passedOn],
      { cwd },
    );
  } finally {
    rebuilding.kill();
  }
});
