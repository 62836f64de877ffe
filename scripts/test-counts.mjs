// Reads how many tests passed, failed and were skipped from the JSON reports of Vitest and Playwright.

/** @typedef {{ passed: number, failed: number, skipped: number }} TestCounts */

/** @type {Readonly<TestCounts>} */
export const noTests = Object.freeze({ passed: 0, failed: 0, skipped: 0 });

/**
 * The counts of a report, whichever of the two runners wrote it. A file that could not even be loaded counts as one
 * failed test: its tests are unknown, and a line with "0 failed" would read as good news.
 * @param {any} report
 * @returns {TestCounts}
 */
export function countTests(report) {
  if (report?.stats && 'expected' in report.stats) {
    const { expected, unexpected, flaky, skipped } = report.stats;
    return { passed: expected + flaky, failed: unexpected + (report.errors?.length ?? 0), skipped };
  }
  const unloaded = (report.testResults ?? []).filter(
    (/** @type {any} */ file) => file.status === 'failed' && file.assertionResults.length === 0,
  );
  return {
    passed: report.numPassedTests,
    failed: report.numFailedTests + unloaded.length,
    skipped: report.numPendingTests + (report.numTodoTests ?? 0),
  };
}

/** @param {TestCounts[]} counts */
export function addCounts(counts) {
  return counts.reduce(
    (sum, one) => ({
      passed: sum.passed + one.passed,
      failed: sum.failed + one.failed,
      skipped: sum.skipped + one.skipped,
    }),
    noTests,
  );
}

/**
 * The closing line of `npm test`, in the form that test counters read.
 * @param {TestCounts} counts
 */
export function closingLine({ passed, failed, skipped }) {
  return `${passed} passed, ${failed} failed, ${skipped} skipped`;
}
