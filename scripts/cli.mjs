// npm run --silent cli -- <verb>: the command line straight from the sources, without a build. Prints nothing to
// stdout itself, and ends with the exit code of the verb.
import { callerFolder, inRoot } from './repository.mjs';
import { runAttached } from './run-process.mjs';
import { runScript } from './say.mjs';
import { setUpSources } from './setup.mjs';

await runScript(async () => {
  const node = await setUpSources();
  return runAttached(node, [inRoot('src-main', 'cli.ts'), ...process.argv.slice(2)], { cwd: callerFolder() });
});
