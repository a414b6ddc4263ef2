import { randomBytes } from 'node:crypto';
import { createClient } from 'redis';
import { inject } from 'vitest';
import { APPLICATION_ROLE, OWNER_ROLE, withClient } from '../../infra/src/postgres/databaseRoles.ts';
import { TEMPLATES } from './testServers.ts';

export interface TestDatabase {
  readonly name: string;
  /** As the application connects. */
  readonly url: string;
  /** As migrations and seeds connect. */
  readonly ownerUrl: string;
  readonly superuserUrl: string;
  /** Cuts whoever is still connected. */
  drop(): Promise<void>;
}

/**
 * A database of its own for a test file, copied from a migrated (or seeded) template in some 50 ms.
 * Whoever makes it drops it, as a rule in `afterAll`.
 */
export async function createTestDatabase(options: { seeded?: boolean } = {}): Promise<TestDatabase> {
  const { postgres } = inject('servers');
  const name = `test_${randomBytes(6).toString('hex')}`;
  const template = options.seeded === true ? TEMPLATES.seeded : TEMPLATES.empty;
  await withClient(postgres.superuserUrl, async (client) => {
    await client.query(`CREATE DATABASE ${name} TEMPLATE ${template} OWNER ${OWNER_ROLE}`);
  });
  const urlOf = (user: string, password: string): string =>
    `postgresql://${user}:${encodeURIComponent(password)}@/${name}?host=${encodeURIComponent(postgres.socketDirectory)}`;
  const superuser = new URL(postgres.superuserUrl.replace('@/', '@socket/'));
  return {
    name,
    url: urlOf(APPLICATION_ROLE, postgres.applicationPassword),
    ownerUrl: urlOf(OWNER_ROLE, postgres.ownerPassword),
    superuserUrl: urlOf('postgres', decodeURIComponent(superuser.password)),
    drop: () =>
      withClient(postgres.superuserUrl, async (client) => {
        await client.query(`DROP DATABASE IF EXISTS ${name} WITH (FORCE)`);
      }),
  };
}

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
