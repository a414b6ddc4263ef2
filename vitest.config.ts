import { defineConfig } from 'vitest/config';

/**
 * Three projects, by what they need:
 * - unit: pure code beside its source, seconds;
 * - integration: real PostgreSQL, Redis, SFU worker, started once by tests/support/globalSetup.ts;
 * - e2e: the same plus real Chromium.
 */
export default defineConfig({
  test: {
    projects: [
      {
        test: {
          name: 'unit',
          include: ['{packages/*,signaling,sfu,clinic-web,doctor-web,infra}/src/**/*.test.{ts,tsx}'],
          environment: 'node',
          // Generous: the first use of Intl or a property test shares two cores with the browser tests.
          testTimeout: 30_000,
        },
      },
      {
        test: {
          name: 'integration',
          include: ['tests/{contract,integration,media,attack}/**/*.test.ts'],
          globalSetup: ['tests/support/globalSetup.ts'],
          testTimeout: 30_000,
          hookTimeout: 60_000,
          maxWorkers: 2,
        },
      },
      {
        test: {
          name: 'e2e',
          include: ['tests/{e2e,fault}/**/*.test.ts'],
          globalSetup: ['tests/support/globalSetup.ts'],
          testTimeout: 120_000,
          hookTimeout: 120_000,
          maxWorkers: 1,
          fileParallelism: false,
        },
      },
    ],
  },
});
