import { createClient } from 'redis';
import { inject } from 'vitest';
import { copyDatabase, type TestDatabase } from './copyDatabase.ts';

export type { TestDatabase } from './copyDatabase.ts';

/** A database of its own for a test file. Whoever makes it drops it, as a rule in `afterAll`. */
export const createTestDatabase = (options: { seeded?: boolean } = {}): Promise<TestDatabase> =>
  copyDatabase(inject('servers').postgres, options);

export interface TestRedis {
  readonly url: string;
  /** Publish and subscribe know no database numbers: give every test its own prefix as well. */
  readonly prefix: string;
}

/** A Redis database number of its own for a test file. */
export async function createTestRedis(): Promise<TestRedis> {
  const { redisUrl } = inject('servers');
  const client = createClient({ url: redisUrl });
  client.on('error', () => {
    // Reported by the command below, which rejects.
  });
  await client.connect();
  try {
    const database = await client.incr('test:last-database');
    return { url: `${redisUrl}?db=${database}`, prefix: `t${database}` };
  } finally {
    await client.close();
  }
}
