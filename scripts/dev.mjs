// npm run dev: the app with hot reload in a browser; it is the same page that the desktop window shows. With --desktop
// electron-vite runs the shell instead and starts it again as src-main changes. Other arguments go to the app.
import { inRoot } from './repository.mjs';
import { runAttached } from './run-process.mjs';
import { runScript, say } from './say.mjs';
import { setUpApp } from './setup.mjs';
import { ensureElectron, whyNoDesktop } from './setup-electron.mjs';

const electronVite = inRoot('node_modules', 'electron-vite', 'bin', 'electron-vite.js');
const cwd = inRoot();

await runScript(async () => {
  const node = await setUpApp();
  const passedOn = process.argv.slice(2).filter((argument) => argument !== '--desktop');
  if (!process.argv.includes('--desktop')) {
    say('Open the link in a browser; the page follows what you change.');
    return runAttached(node, [inRoot('scripts', 'dev-renderer.mjs'), ...passedOn], { cwd });
  }
  const whyNot = whyNoDesktop() ?? ((await ensureElectron(node, { retry: false })) ? null : 'Electron was not found');
  if (whyNot === null) return runAttached(node, [electronVite, 'dev', '--', ...passedOn], { cwd });
  say(`No desktop window here: ${whyNot}.`);
  return 1;
});
