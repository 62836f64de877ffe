// npm run simulate: starts the simulator of all providers for a person, at the pace of a quick engine, and says what it is
// and where everything is. Whatever is given after `--` goes to the simulator as it is; `--help` has all of it.
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
  const asksForHelp = given.includes('--help') || given.includes('-h');
  const node = await setUpApp();
  const { ffmpeg } = await findFfmpeg();
  const usual = [
    ...['--folder', join(tmpdir(), 'circletake-simulator'), '--port', usualPort],
    ...['--fault-plan', inRoot('test', 'simulators', 'plans', 'rehearsal.json')],
    ...(ffmpeg ? ['--ffmpeg', ffmpeg.path] : []),
  ];
  // What comes later counts.
  const child = spawn(node, [inRoot('test', 'simulators', 'main.ts'), ...usual, ...given], {
    stdio: ['ignore', asksForHelp ? 'inherit' : 'pipe', 'inherit'],
    cwd: callerFolder(),
  });
  if (child.stdout) createInterface(child.stdout).once('line', (line) => void tell(JSON.parse(line).url));
  // Ctrl-C reaches the simulator by itself; this waits until it has ended.
  process.on('SIGINT', () => undefined);
  process.on('SIGTERM', () => child.kill('SIGTERM'));
  return new Promise((resolve) => child.once('close', (code) => resolve(code ?? 0)));
});

/** @param {string} url */
async function tell(url) {
  const { folder } = /** @type {{ folder: string }} */ (await read(`${url}/_health`));
  const { faults } = /** @type {{ faults: { id: string, kind: string, times: number | 'always' }[] }} */ (
    await read(`${url}/_faults`)
  );
  say(`
The simulator of all providers listens at ${url}. It makes real media; nothing it makes costs anything.
Ctrl-C ends it. Its bill, its jobs and its media stay in ${folder}

To rehearse a batch in the app against it:   CIRCLETAKE_SIMULATOR=${url} npm start
then Start batch, Rehearse… (ComfyUI can also be pointed at it in Settings, with the last address below.)
Its key for every provider: sim-anything (any key that begins with sim-; real keys are refused).
`);
  for (const prefix of prefixes) say(`  ${prefix.padEnd(10)} ${url}/${prefix}`);
  say(`\nWhat it would have billed: ${url}/_bill    what it was asked: ${url}/_requests`);
  if (faults.length === 0) say('Nothing will go wrong: the plan has no faults.');
  else say(`What will go wrong (${url}/_faults):`);
  for (const { id, kind, times } of faults)
    say(`  ${id}: ${kind}${times === 1 ? '' : times === 'always' ? ', always' : `, ${times} times`}`);
  say(
    'For trouble of your own: npm run simulate -- --fault-plan <file>    what goes into it: npm run simulate -- --help\n',
  );
}

/**
 * @param {string} url
 * @returns {Promise<unknown>}
 */
async function read(url) {
  const answer = await fetch(url);
  return answer.json();
}
