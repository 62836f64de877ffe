// npm run bench [name …]: runs the benchmarks of test/bench one after another. Each is a program that prints a table.
import { existsSync, readdirSync } from 'node:fs';
import { inRoot } from './repository.mjs';
import { runAttached } from './run-process.mjs';
import { runScript, SetupError, say } from './say.mjs';
import { setUpApp } from './setup.mjs';

const ending = '.bench.ts';

await runScript(async () => {
  const names = chooseBenchmarks(process.argv.slice(2));
  const node = await setUpApp();
  for (const name of names) {
    say(`\n${name}`);
    const code = await runAttached(node, [inRoot('test', 'bench', `${name}${ending}`)], { cwd: inRoot() });
    if (code !== 0) return code;
  }
  return 0;
});

/** @param {string[]} wanted */
function chooseBenchmarks(wanted) {
  const folder = inRoot('test', 'bench');
  const files = existsSync(folder) ? readdirSync(folder).sort() : [];
  const known = files.filter((file) => file.endsWith(ending)).map((file) => file.slice(0, -ending.length));
  const unknown = wanted.filter((name) => !known.includes(name));
  if (unknown.length > 0) {
    throw new SetupError(
      `There is no benchmark called ${unknown.join(', ')}. There are: ${known.join(', ') || 'none yet'}.`,
    );
  }
  return wanted.length > 0 ? wanted : known;
}
