// The steps of `npm test`, in order: what is quick to run and quick to fix comes first. Each step is a script of
// package.json, so that a person can run a failed one alone.
import { existsSync, readdirSync } from 'node:fs';
import { inRoot } from './repository.mjs';

/**
 * @typedef {object} TestStep
 * @property {string} name the script in package.json
 * @property {'check' | 'build' | 'vitest' | 'playwright'} kind
 * @property {string[]} folders where its tests are; none for a step without tests
 */

/** @type {TestStep[]} */
export const testSteps = [
  { name: 'format', kind: 'check', folders: [] },
  { name: 'types', kind: 'check', folders: [] },
  { name: 'lint', kind: 'check', folders: [] },
  { name: 'layers', kind: 'check', folders: [] },
  { name: 'unit', kind: 'vitest', folders: ['test/unit', 'test/policy'] },
  { name: 'build', kind: 'build', folders: [] },
  { name: 'integration', kind: 'vitest', folders: ['test/integration'] },
  { name: 'faults', kind: 'vitest', folders: ['test/fault'] },
  { name: 'e2e', kind: 'playwright', folders: ['test/e2e', 'test/e2e-electron'] },
];

/**
 * Whether any of a step's folders holds a test file.
 * @param {TestStep} step
 */
export function hasTests(step) {
  return step.folders.some((folder) => holdsTests(inRoot(folder)));
}

/**
 * @param {string} folder
 * @returns {boolean}
 */
function holdsTests(folder) {
  if (!existsSync(folder)) return false;
  return readdirSync(folder, { withFileTypes: true }).some((entry) =>
    entry.isDirectory() ? holdsTests(`${folder}/${entry.name}`) : /\.(test|spec)\.tsx?$/.test(entry.name),
  );
}
