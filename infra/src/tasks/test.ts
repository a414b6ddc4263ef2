import { mkdtempSync, rmSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { prepareMachine } from '../start/prepareMachine.ts';
import { readIfThere } from '../system/files.ts';
import { STATIC_CHECKS, vitestCheck } from './checks.ts';
import { runInForeground } from './runInForeground.ts';
import { runTask } from './runTask.ts';
import { formatTestCounts, readTestCounts } from './testReport.ts';

const tell = (line: string): void => console.log(`  ${line}`);

/** `npm test`: every check and every test. `npm test -- tests/media` passes arguments on to vitest. */
await runTask(async () => {
  const { workerBin } = await prepareMachine(
    ['redis-server', 'haproxy', 'chromium', 'fonts-noto-cjk', 'ffmpeg', 'espeak-ng', 'coturn', 'nftables', 'iproute2'],
    { web: true, tell },
  );
  const failed: string[] = [];
  for (const check of STATIC_CHECKS) {
    const startedAt = performance.now();
    console.log(`\n── ${check.name}`);
    const code = await runInForeground(check.command, check.args);
    const seconds = ((performance.now() - startedAt) / 1_000).toFixed(1);
    console.log(`${code === 0 ? '✓' : '✗'} ${check.name} (${seconds} s)`);
    if (code !== 0) failed.push(check.name);
  }

  console.log('\n── tests');
  const directory = mkdtempSync(path.join(os.tmpdir(), 'cloud-hospital-report-'));
  try {
    const reportFile = path.join(directory, 'report.json');
    const { command, args } = vitestCheck(reportFile, process.argv.slice(2));
    const code = await runInForeground(command, args, { MEDIASOUP_WORKER_BIN: workerBin });
    const counts = readTestCounts(readIfThere(reportFile) ?? '');
    // Vitest also fails for errors outside any test, and counts none then.
    if (code !== 0 || counts === undefined || counts.failed > 0) failed.push('tests');
    console.log(failed.length === 0 ? '\nAll checks passed.' : `\nFailed: ${failed.join(', ')}`);
    console.log(formatTestCounts(counts ?? { passed: 0, failed: 0, skipped: 0 }));
  } finally {
    rmSync(directory, { recursive: true, force: true });
  }
  return failed.length === 0 ? 0 : 1;
});
