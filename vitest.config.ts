import { defineConfig } from 'vitest/config';

/** How far sound and picture are apart in a recording: beside browser tests they would come late by themselves. */
const RECORDED = ['tests/media/recording.test.ts'];

/**
 * Four projects, by what they need:
 * - unit: pure code beside its source, seconds;
 * - integration: real PostgreSQL, Redis, SFU worker, started once by tests/support/globalSetup.ts;
 * - pages: the same plus real Chromium; two files at a time;
 * - e2e: calls between browsers, in which two of them encode pictures, and recordings: one file at a time, after the others.
 */
export default defineConfig({
  test: {
    projects: [
      {
        test: {
          name: 'unit',
          include: [
            '{packages/*,signaling,sfu,clinic-web,doctor-web,infra}/src/**/*.test.{ts,tsx}',
            'tests/bench/**/*.test.ts',
          ],
          environment: 'node',
          // Generous: the first use of Intl or a property test shares two cores with the browser tests.
          testTimeout: 30_000,
        },
      },
      {
        test: {
          name: 'integration',
          include: ['tests/{contract,integration,media,attack}/**/*.test.ts'],
          exclude: RECORDED,
          globalSetup: ['tests/support/globalSetup.ts'],
          testTimeout: 30_000,
          hookTimeout: 60_000,
          maxWorkers: 2,
          sequence: { groupOrder: 1 },
        },
      },
      {
        test: {
          name: 'pages',
          include: ['tests/pages/**/*.test.ts'],
          globalSetup: ['tests/support/globalSetup.ts', 'tests/support/webAppsSetup.ts'],
          testTimeout: 120_000,
          hookTimeout: 120_000,
          maxWorkers: 2,
          sequence: { groupOrder: 1 },
        },
      },
      {
        test: {
          name: 'e2e',
          include: ['tests/{e2e,fault}/**/*.test.ts', ...RECORDED],
          globalSetup: ['tests/support/globalSetup.ts', 'tests/support/webAppsSetup.ts'],
          testTimeout: 120_000,
          hookTimeout: 120_000,
          maxWorkers: 1,
          fileParallelism: false,
          sequence: { groupOrder: 2 },
        },
      },
    ],
  },
});
