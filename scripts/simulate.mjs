// npm run simulate: starts the simulator of all providers for a person, with fal-like pace and trouble if wanted, and says
// where everything is. `-- --fault-plan <file>` gives it trouble, `--port`, `--folder` and `--ffmpeg` go to it as they are.
import { spawn } from 'node:child_process';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { callerFolder, inRoot } from './repository.mjs';
import { runScript, say } from './say.mjs';
import { setUpApp } from './setup.mjs';
import { findFfmpeg } from './setup-ffmpeg.mjs';

const usualPort = '8650';
const prefixes = [
  'fal-queue',
  'fal-rest',
  'fal-api',
  'kling',
  'ark',
  'google',
  'openai',
  'replicate',
  'runway',
  'comfyui',
];

await runScript(async () => {
  const given = process.argv.slice(2);
  const node = await setUpApp();
  const { ffmpeg } = await findFfmpeg();
  const folder = join(tmpdir(), 'circletake-simulator');
  const usual = [
    ...['--folder', folder, '--port', usualPort],
    ...['--fault-plan', inRoot('test', 'simulators', 'plans', 'rehearsal.json')],
    ...(ffmpeg ? ['--ffmpeg', ffmpeg.path] : []),
  ];
  // What comes later counts.
  const child = spawn(node, [inRoot('test', 'simulators', 'main.ts'), ...usual, ...given], {
    stdio: ['ignore', 'pipe', 'inherit'],
    cwd: callerFolder(),
  });
  createInterface(child.stdout).once('line', (line) => tell(JSON.parse(line).url));
  // Ctrl-C reaches the simulator by itself; this waits until it has ended.
  process.on('SIGINT', () => undefined);
  process.on('SIGTERM', () => child.kill('SIGTERM'));
  return new Promise((resolve) => child.once('close', (code) => resolve(code ?? 0)));
});

/** @param {string} url */
function tell(url) {
  say(`\nThe simulator listens at ${url}. Nothing it makes costs anything. Ctrl-C ends it; its bill stays.\n`);
  for (const prefix of prefixes) say(`  ${prefix.padEnd(10)} ${url}/${prefix}`);
  say('\nIts key for every provider: sim-anything (any key that begins with sim-).');
  say(`To rehearse a batch in the app against it:  CIRCLETAKE_SIMULATOR=${url} npm start`);
  say('ComfyUI can also be pointed at it in Settings: the address of the machine is the last line above.');
  say(`What it would have billed: ${url}/_bill    what it was asked: ${url}/_requests\n`);
}
