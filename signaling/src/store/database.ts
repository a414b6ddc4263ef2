import { Kysely, PostgresDialect, type Transaction } from 'kysely';
import pg from 'pg';
import { pipelineConnection } from './pipelineConnection.ts';
import { prepareStatements, StatementNames } from './preparedStatements.ts';
import type { Database } from './schema.ts';

export type Db = Kysely<Database>;
export type Tx = Transaction<Database>;

/** OID of `date`: kept as `YYYY-MM-DD`, since a calendar day has no time zone. */
const DATE_OID = 1082;

export interface DatabaseOptions {
  readonly url: string;
  readonly poolSize: number;
  /** Longest a statement may run; also bounds how late an outbox row can commit. Milliseconds. */
  readonly statementTimeoutMs: number;
}

/** Opens the pool. Nothing connects before the first query. */
export function openDatabase(options: DatabaseOptions, onPoolError: (error: Error) => void): Db {
  const types = new pg.TypeOverrides();
  types.setTypeParser(DATE_OID, (text: string) => text);
  const pool = new pg.Pool({
    connectionString: options.url,
    max: options.poolSize,
    types,
    statement_timeout: options.statementTimeoutMs,
    idle_in_transaction_session_timeout: options.statementTimeoutMs,
    // A database that is gone must be an error soon (503), never a hang.
    connectionTimeoutMillis: 2_000,
    application_name: 'cloud-hospital-signaling',
    pipeline: true,
  });
  pool.on('error', onPoolError);
  const names = new StatementNames();
  pool.on('connect', (client) => {
    // The pool listens to idle connections only: one that breaks while it is used would end the process.
    client.on('error', onPoolError);
    prepareStatements(client, names);
    pipelineConnection(client);
  });
  return new Kysely<Database>({ dialect: new PostgresDialect({ pool }) });
}
