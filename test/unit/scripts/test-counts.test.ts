import { describe, expect, test } from 'vitest';
import { addCounts, closingLine, countTests } from '../../../scripts/test-counts.mjs';

describe('counting tests', () => {
  test("reads Vitest's report", () => {
    const report = { numPassedTests: 5, numFailedTests: 1, numPendingTests: 2, numTodoTests: 1, testResults: [] };
    expect(countTests(report)).toEqual({ passed: 5, failed: 1, skipped: 3 });
  });

  test('counts a file that could not be loaded as one failed test', () => {
    const testResults = [{ status: 'failed', assertionResults: [] }];
    const report = { numPassedTests: 5, numFailedTests: 0, numPendingTests: 0, testResults };
    expect(countTests(report)).toEqual({ passed: 5, failed: 1, skipped: 0 });
  });

  test("reads Playwright's report, with the errors that belong to no test", () => {
    const report = { stats: { expected: 3, unexpected: 1, flaky: 0, skipped: 1 }, errors: [{ message: 'no config' }] };
    expect(countTests(report)).toEqual({ passed: 3, failed: 2, skipped: 1 });
  });

  test('closes with one line that a test counter reads', () => {
    const sum = addCounts([
      { passed: 1, failed: 0, skipped: 2 },
      { passed: 10, failed: 1, skipped: 0 },
    ]);
    expect(closingLine(sum)).toBe('11 passed, 1 failed, 2 skipped');
  });
});
