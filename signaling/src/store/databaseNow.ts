import { AppError } from '@cloud-hospital/protocol';
import { type Kysely, sql } from 'kysely';
import type { Database } from './schema.ts';

/** The database's clock, outside of a command. */
export async function databaseNow(db: Kysely<Database>): Promise<Date> {
  const { rows } = await sql<{ now: Date }>`SELECT now() AS now`.execute(db);
  const now = rows[0]?.now;
  if (now === undefined) throw new AppError('UNAVAILABLE');
  return now;
}
