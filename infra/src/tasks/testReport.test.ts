import { expect, test } from 'vitest';
import { formatTestCounts, readTestCounts } from './testReport.ts';

test('the last line names what passed and failed, and what was skipped only when something was', () => {
  expect(formatTestCounts({ passed: 123, failed: 0, skipped: 0 })).toBe('tests: 123 passed, 0 failed');
  expect(formatTestCounts({ passed: 1, failed: 2, skipped: 3 })).toBe('tests: 1 passed, 2 failed, 3 skipped');
});

test('skipped and planned tests count as skipped, a file that does not load as one failure', () => {
  const report = {
    numPassedTests: 5,
    numFailedTests: 1,
    numPendingTests: 2,
    numTodoTests: 1,
    testResults: [
      { status: 'failed', assertionResults: [] },
      { status: 'failed', assertionResults: [{ status: 'failed' }] },
      { status: 'passed', assertionResults: [{ status: 'passed' }] },
    ],
  };
  expect(readTestCounts(JSON.stringify(report))).toEqual({ passed: 5, failed: 2, skipped: 3 });
});

test('what is no report gives no numbers', () => {
  expect(readTestCounts('')).toBeUndefined();
  expect(readTestCounts('{"success":false}')).toBeUndefined();
});
