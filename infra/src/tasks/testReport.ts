export interface TestCounts {
  readonly passed: number;
  readonly failed: number;
  readonly skipped: number;
}

/**
 * Reads the numbers from vitest's JSON report.
 * @returns undefined when the report isn't one: vitest didn't get as far
 */
export function readTestCounts(text: string): TestCounts | undefined {
  let report: unknown;
  try {
    report = JSON.parse(text);
  } catch {
    return undefined;
  }
  if (typeof report !== 'object' || report === null) return undefined;
  if (!('numPassedTests' in report) || !('numFailedTests' in report)) return undefined;
  const { numPassedTests, numFailedTests } = report;
  if (typeof numPassedTests !== 'number' || typeof numFailedTests !== 'number') return undefined;
  const pending = 'numPendingTests' in report ? Number(report.numPendingTests) : 0;
  const todo = 'numTodoTests' in report ? Number(report.numTodoTests) : 0;
  return {
    passed: numPassedTests,
    // A file that can't even be loaded holds no failed test, but is a failure all the same.
    failed: numFailedTests + filesFailedToLoad(report),
    skipped: pending + todo,
  };
}

function filesFailedToLoad(report: object): number {
  if (!('testResults' in report) || !Array.isArray(report.testResults)) return 0;
  const files: readonly unknown[] = report.testResults;
  return files.filter((file) => {
    if (typeof file !== 'object' || file === null || !('status' in file) || file.status !== 'failed') return false;
    return 'assertionResults' in file && Array.isArray(file.assertionResults) && file.assertionResults.length === 0;
  }).length;
}

/** The last line of `npm test`. */
export function formatTestCounts({ passed, failed, skipped }: TestCounts): string {
  return `tests: ${passed} passed, ${failed} failed${skipped === 0 ? '' : `, ${skipped} skipped`}`;
}
