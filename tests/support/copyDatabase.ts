import { randomBytes } from 'node:crypto';
import { APPLICATION_ROLE, OWNER_ROLE, withClient } from '../../infra/src/postgres/databaseRoles.ts';
import { TEMPLATES, type TestServers } from './testServers.ts';

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

/** A database of its own, copied from a migrated (or seeded) template in some 50 ms. Whoever makes it drops it. */
export async function copyDatabase(
  postgres: TestServers['postgres'],
  options: { seeded?: boolean } = {},
): Promise<TestDatabase> {
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
