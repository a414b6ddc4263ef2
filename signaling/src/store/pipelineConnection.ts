import type { PoolClient } from 'pg';

const BEGUN = { command: 'BEGIN', rowCount: null, oid: 0, fields: [], rows: [] } as const;

/**
 * Saves writes and waiting on a connection in pg's pipeline mode. A write wakes the database's process and is the most
 * expensive thing a small query does here, so:
 * - what is asked within one turn of the event loop is written at its end in one piece, in the order asked;
 * - nobody waits for BEGIN. It can fail only with the connection itself, and then the next statement fails, too.
 */
export function pipelineConnection(client: PoolClient): void {
  const query = client.query.bind(client);
  const { stream } = client.connection;
  let gathering = false;
  const gather = (): void => {
    if (gathering) return;
    gathering = true;
    stream.cork();
    setImmediate(() => {
      gathering = false;
      stream.uncork();
    });
  };
  Object.assign(client, {
    query: (...args: unknown[]): unknown => {
      gather();
      const sent: unknown = Reflect.apply(query, client, args);
      if (args[0] !== 'begin' || !(sent instanceof Promise)) return sent;
      sent.catch(() => undefined);
      return Promise.resolve(BEGUN);
    },
  });
}
