// npm test [step …]: sets up, then runs each step and stops at the first that fails. Ends with a table of the steps
// and one line of counts.
import { existsSync, mkdirSync, readFileSync, rmSync } from 'node:fs';
import { ensureBuild } from './app-build.mjs';
import { inRoot } from './repository.mjs';
import { runAttached } from './run-process.mjs';
import { runScript, SetupError, say } from './say.mjs';
import { setUpTests } from './setup.mjs';
import { npmCommand } from './setup-node-modules.mjs';
import { addCounts, closingLine, countTests, noTests } from './test-counts.mjs';
import { hasTests, testSteps } from './test-steps.mjs';

/** @typedef {{ name: string, ok: boolean, seconds: number, text: string, counts: import('./test-counts.mjs').TestCounts }} StepResult */

// A test that never ends must not take the rest of the day with it.
const stepLimitMs = 30 * 60_000;
const reports = inRoot('test-results', 'reports');

await runScript(async () => {
  const steps = chooseSteps(process.argv.slice(2));
  const { node, chromium } = await setUpTests();
  if (chromium) process.env.CIRCLETAKE_CHROMIUM = chromium.path;
  mkdirSync(reports, { recursive: true });

  /** @type {StepResult[]} */
  const results = [];
  for (const step of steps) {
    say(`\n── ${step.name}`);
    const result = await runStep(step, node);
    results.push(result);
    if (!result.ok) break;
  }
  printSummary(results, steps);
  return results.every(({ ok }) => ok) ? 0 : 1;
});

/** @param {string[]} wanted */
function chooseSteps(wanted) {
  const unknown = wanted.filter((name) => !testSteps.some((step) => step.name === name));
  if (unknown.length > 0) {
    const known = testSteps.map(({ name }) => name).join(', ');
    throw new SetupError(`There is no step called ${unknown.join(', ')}. The steps are: ${known}.`);
  }
  return wanted.length > 0 ? testSteps.filter(({ name }) => wanted.includes(name)) : testSteps;
}

/**
 * @param {import('./test-steps.mjs').TestStep} step
 * @param {string} node
 * @returns {Promise<StepResult>}
 */
async function runStep(step, node) {
  const startedAt = Date.now();
  const finish = (/** @type {boolean} */ ok, /** @type {string} */ text, counts = noTests) => ({
    name: step.name,
    ok,
    seconds: (Date.now() - startedAt) / 1000,
    text,
    counts,
  });
  if (step.folders.length > 0 && !hasTests(step)) return finish(true, 'none yet');
  if (step.kind === 'build') return finish(await builds(node), '');

  const report = `${reports}/${step.name}.json`;
  rmSync(report, { force: true });
  const npm = npmCommand();
  const args = [...npm.args, 'run', '--silent', step.name, '--', ...reporterArguments(step, report)];
  const env = { CI: process.env.CI ?? 'true', CIRCLETAKE_E2E_REPORT: report };
  const ok = (await runAttached(npm.command, args, { cwd: inRoot(), env, timeoutMs: stepLimitMs })) === 0;
  if (!ok && Date.now() - startedAt >= stepLimitMs)
    say(`${step.name} was stopped after ${stepLimitMs / 60_000} minutes.`);
  if (step.folders.length === 0) return finish(ok, '');
  const counts = existsSync(report) ? countTests(JSON.parse(readFileSync(report, 'utf8'))) : noTests;
  return finish(ok, closingLine(counts), counts);
}

/**
 * @param {import('./test-steps.mjs').TestStep} step
 * @param {string} report
 */
function reporterArguments(step, report) {
  if (step.kind !== 'vitest') return [];
  return ['--passWithNoTests', '--reporter=default', '--reporter=json', `--outputFile.json=${report}`];
}

/** @param {string} node */
async function builds(node) {
  try {
    await ensureBuild(node);
    return true;
  } catch (error) {
    if (!(error instanceof SetupError)) throw error;
    say(error.message);
    return false;
  }
}

/**
 * @param {StepResult[]} results
 * @param {import('./test-steps.mjs').TestStep[]} steps
 */
function printSummary(results, steps) {
  const lines = results.map(({ name, ok, seconds, text }) =>
    [(ok ? 'ok' : 'FAILED').padEnd(7), name.padEnd(12), `${seconds.toFixed(1)} s`.padStart(8), ` ${text}`].join(' '),
  );
  const notRun = steps.slice(results.length).map(({ name }) => name);
  if (notRun.length > 0) lines.push(`not run: ${notRun.join(', ')}`);
  const counts = addCounts(results.map((result) => result.counts));
  // A step that failed without a failed test (a type error, a broken build) must not end in "0 failed".
  const failed = results.some(({ ok }) => !ok) ? Math.max(counts.failed, 1) : counts.failed;
  process.stdout.write(`\n${lines.join('\n')}\n\n${closingLine({ ...counts, failed })}\n`);
}
