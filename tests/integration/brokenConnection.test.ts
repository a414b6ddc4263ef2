import { sql } from 'kysely';
import { expect, test } from 'vitest';
import { openDatabase } from '../../signaling/src/store/database.ts';
import { createTestDatabase } from '../support/testDatabase.ts';

test('a connection that breaks under a transaction fails that transaction, not the process', async () => {
  const database = await createTestDatabase();
  const lost: Error[] = [];
  const db = openDatabase({ url: database.url, poolSize: 2, statementTimeoutMs: 10_000 }, (error) => lost.push(error));
  try {
    const broken = db.transaction().execute(async (transaction) => {
      const { rows } = await sql<{ pid: number }>`SELECT pg_backend_pid() AS pid`.execute(transaction);
      await sql`SELECT pg_terminate_backend(${rows[0]?.pid})`.execute(db);
      // Nothing is asked of it when it breaks: nobody but a listener hears of that.
      await new Promise((resolve) => setTimeout(resolve, 200));
      await sql`SELECT 1`.execute(transaction);
    });
    await expect(broken).rejects.toThrow(/Connection|Client|terminat/i);
    expect(lost).not.toHaveLength(0);
    expect((await sql<{ one: number }>`SELECT 1 AS one`.execute(db)).rows).toEqual([{ one: 1 }]);
  } finally {
    await db.destroy();
  }
});
