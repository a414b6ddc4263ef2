import { readFile } from 'node:fs/promises';
import { Kysely, PostgresDialect, sql } from 'kysely';
import { type Migration, Migrator } from 'kysely/migration';
import pg from 'pg';

/** Forward only, in order; a released file never changes. */
const MIGRATIONS = [
  '0001-foundation',
  '0002-scheduling',
  '0003-booking',
  '0004-people',
  '0005-queue',
  '0006-promise',
  '0008-simulation',
  '0009-administration',
  '0010-jobs',
  '0011-exchange',
  '0012-call-quality',
  '0013-people',
  '0014-recording',
  '0015-stage',
  '0016-phone',
  '0017-phone-exchange',
  '0018-shows',
] as const;

export interface MigrateOptions {
  /** Connection of the role that owns the schema. */
  readonly ownerUrl: string;
  /** Role the application connects as; gets its rights from grants.sql. */
  readonly applicationRole: string;
  readonly log: (line: string) => void;
}

const quoteIdentifier = (name: string): string => `"${name.replaceAll('"', '""')}"`;
const readSql = (name: string): Promise<string> => readFile(new URL(name, import.meta.url), 'utf8');

/**
 * Brings the schema up to date, defines its functions and sets the application's rights. Safe to call from several
 * processes at once: advisory locks are held meanwhile.
 * @throws Error with the first migration's error as its cause; what was applied before it stays
 */
export async function migrate(options: MigrateOptions): Promise<void> {
  const db = new Kysely<unknown>({
    dialect: new PostgresDialect({ pool: new pg.Pool({ connectionString: options.ownerUrl, max: 2 }) }),
  });
  try {
    const migrations: Record<string, Migration> = {};
    for (const name of MIGRATIONS) {
      migrations[name] = {
        up: async (connection) => {
          await sql.raw(await readSql(`./migrations/${name}.sql`)).execute(connection);
        },
      };
    }
    const migrator = new Migrator({
      db,
      provider: { getMigrations: () => Promise.resolve(migrations) },
      // A file may arrive after one with a higher number was applied somewhere; none depends on its neighbours.
      allowUnorderedMigrations: true,
    });
    const { error, results } = await migrator.migrateToLatest();
    for (const result of results ?? []) options.log(`migration ${result.migrationName}: ${result.status}`);
    if (error !== undefined) throw new Error('A migration failed.', { cause: error });
    const functions = [await readSql('./functions.sql'), await readSql('./schedule.functions.sql')].join('\n');
    const grants = (await readSql('./grants.sql')).replaceAll(':role', quoteIdentifier(options.applicationRole));
    await db.transaction().execute(async (tx) => {
      // Two processes that replace the same function or set the same rights at once would fail each other.
      await sql`SELECT pg_advisory_xact_lock(hashtextextended('cloud-hospital:migrate', 0))`.execute(tx);
      await sql.raw(functions).execute(tx);
      await sql.raw(grants).execute(tx);
    });
  } finally {
    await db.destroy();
  }
}
