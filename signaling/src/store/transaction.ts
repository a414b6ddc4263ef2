import {
  CompiledQuery,
  type ConnectionProvider,
  type Dialect,
  DummyDriver,
  PostgresAdapter,
  PostgresIntrospector,
  PostgresQueryCompiler,
  Transaction,
} from 'kysely';
import type { Db, Tx } from './database.ts';
import type { Database } from './schema.ts';

/** Only to satisfy Kysely: the executor that a transaction is given is what runs statements. */
const dialect: Dialect = {
  createAdapter: () => new PostgresAdapter(),
  createDriver: () => new DummyDriver(),
  createIntrospector: (db) => new PostgresIntrospector(db),
  createQueryCompiler: () => new PostgresQueryCompiler(),
};
const driver = new DummyDriver();

/** The transaction has failed already: whatever comes after its failed statement. */
const IN_FAILED_TRANSACTION = '25P02';

const isConsequence = (error: unknown): boolean =>
  error instanceof Error && 'code' in error && error.code === IN_FAILED_TRANSACTION;

/**
 * One transaction. Unlike in Kysely's own, statements that are asked for together go out together: they run one after
 * the other in the order asked, each sees what the ones before it did, but nobody waits for the way there and back
 * between them. When one fails, the later ones of its batch fail as a consequence; what is thrown is its error.
 * @param finish statements that are written together with the COMMIT; if one fails, nothing is committed
 * @throws what `run` or `finish` throws, after rolling back
 */
export function transact<T>(
  db: Db,
  run: (tx: Tx) => Promise<T>,
  finish?: (tx: Tx, result: T) => Promise<unknown>,
): Promise<T> {
  const executor = db.getExecutor();
  return executor.provideConnection(async (connection) => {
    let over = false;
    let failed: unknown;
    const provider: ConnectionProvider = {
      provideConnection: async (consumer) => {
        // A branch that goes on after another one has failed must not write outside of the transaction.
        if (over) throw new Error('the transaction is over');
        try {
          return await consumer(connection);
        } catch (error) {
          failed ??= error;
          throw error;
        }
      },
    };
    const tx = new Transaction<Database>({
      config: { dialect },
      dialect,
      driver,
      executor: executor.withConnectionProvider(provider),
    });
    const say = (statement: 'begin' | 'commit' | 'rollback') => connection.executeQuery(CompiledQuery.raw(statement));
    await say('begin');
    try {
      const result = await run(tx);
      const finished = finish?.(tx, result);
      over = true;
      // In a failed transaction COMMIT rolls back, and says no error of its own.
      await Promise.all([finished, say('commit')]);
      return result;
    } catch (error) {
      over = true;
      await say('rollback');
      throw isConsequence(error) ? failed : error;
    }
  });
}
