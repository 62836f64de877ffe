// npm run faults:long [name …]: the fault suites at their long size, hours of work. Ends with what each of them did; the
// same lines are in test-results/faults.txt.
import { existsSync, mkdirSync, readFileSync, rmSync } from 'node:fs';
import { inRoot } from './repository.mjs';
import { runAttached } from './run-process.mjs';
import { runScript } from './say.mjs';
import { setUpTests } from './setup.mjs';
import { npmCommand } from './setup-node-modules.mjs';

await runScript(async () => {
  await setUpTests();
  mkdirSync(inRoot('test-results'), { recursive: true });
  const report = inRoot('test-results', 'faults.txt');
  rmSync(report, { force: true });
  const npm = npmCommand();
  const args = [...npm.args, 'run', '--silent', 'faults', '--', ...process.argv.slice(2)];
  const env = { CIRCLETAKE_FAULT_LONG: '1', CIRCLETAKE_FAULT_REPORT: report };
  const code = await runAttached(npm.command, args, { cwd: inRoot(), env });
  if (existsSync(report)) process.stdout.write(`\n${readFileSync(report, 'utf8')}`);
  return code;
});
