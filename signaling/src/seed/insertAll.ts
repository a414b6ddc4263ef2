import type { Insertable } from 'kysely';
import type { Tx } from '../store/database.ts';
import type { Database } from '../store/schema.ts';

/** PostgreSQL takes 65 535 parameters a statement; no table of ours has more than thirty columns. */
const ROWS_A_STATEMENT = 1_000;

/** Inserts many rows with few statements. */
export async function insertAll<Table extends keyof Database>(
  tx: Tx,
  table: Table,
  rows: readonly Insertable<Database[Table]>[],
): Promise<void> {
  for (let from = 0; from < rows.length; from += ROWS_A_STATEMENT) {
    await tx
      .insertInto(table)
      .values(rows.slice(from, from + ROWS_A_STATEMENT))
      .execute();
  }
}
