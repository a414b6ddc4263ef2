import pg from 'pg';
import { APPLICATION_ROLE } from '../../infra/src/postgres/databaseRoles.ts';
import type { TestDatabase } from '../support/copyDatabase.ts';

/** Longest jump after which terminals need not be heard anew; well under what makes one silent. Milliseconds. */
const UNHEARD_MS = 4_000;

/**
 * `sim.now()` and the like stand before PostgreSQL's own in the application's search path, in this database alone: the
 * product asks for the time as always and gets the simulated one. Column defaults were bound to PostgreSQL's function
 * when the tables were made, so they are bound anew.
 *
 * A terminal is silent after seconds without a sign, and a jump of the clock is minutes: every jump counts as a sign of
 * each terminal that was heard before it, and a sign that was on its way during the jump doesn't move it back.
 */
const INSTALL = `
  CREATE SCHEMA sim;
  CREATE TABLE sim.clock (only_row boolean PRIMARY KEY DEFAULT true CHECK (only_row), at timestamptz NOT NULL);
  INSERT INTO sim.clock (at) VALUES (pg_catalog.clock_timestamp());
  CREATE FUNCTION sim.now() RETURNS timestamptz LANGUAGE plpgsql STABLE AS
    'BEGIN RETURN (SELECT at FROM sim.clock); END';
  CREATE FUNCTION sim.clock_timestamp() RETURNS timestamptz LANGUAGE plpgsql STABLE AS
    'BEGIN RETURN (SELECT at FROM sim.clock); END';
  CREATE FUNCTION sim.statement_timestamp() RETURNS timestamptz LANGUAGE plpgsql STABLE AS
    'BEGIN RETURN (SELECT at FROM sim.clock); END';
  CREATE FUNCTION sim.transaction_timestamp() RETURNS timestamptz LANGUAGE plpgsql STABLE AS
    'BEGIN RETURN (SELECT at FROM sim.clock); END';
  GRANT USAGE ON SCHEMA sim TO ${APPLICATION_ROLE};
  GRANT SELECT ON sim.clock TO ${APPLICATION_ROLE};
  DO $$
  DECLARE bound record;
  BEGIN
    FOR bound IN
      SELECT attrelid::regclass AS relation, attname FROM pg_attrdef
      JOIN pg_attribute ON attrelid = adrelid AND attnum = adnum
      WHERE pg_get_expr(adbin, adrelid) IN ('now()', 'clock_timestamp()') AND attrelid::regclass::text NOT LIKE 'sim.%'
    LOOP
      EXECUTE format('ALTER TABLE %s ALTER COLUMN %I SET DEFAULT sim.now()', bound.relation, bound.attname);
    END LOOP;
  END $$;
  CREATE FUNCTION sim.heard_now() RETURNS trigger LANGUAGE plpgsql AS
    'BEGIN NEW.last_seen_at := greatest(NEW.last_seen_at, sim.now()); RETURN NEW; END';
  CREATE TRIGGER heard_now BEFORE UPDATE OF last_seen_at ON device
    FOR EACH ROW WHEN (NEW.last_seen_at IS NOT NULL) EXECUTE FUNCTION sim.heard_now();
`;

/** The clock of one database: it stands still until it is moved, and never goes back. */
export class SimulatedClock {
  readonly #client: pg.Client;
  #at: Date;
  #heardAt = 0;

  private constructor(client: pg.Client, at: Date) {
    this.#client = client;
    this.#at = at;
  }

  /** Before the application connects: a connection keeps the search path it began with. */
  static async install(database: TestDatabase): Promise<SimulatedClock> {
    const client = new pg.Client({ connectionString: database.superuserUrl });
    await client.connect();
    await client.query(INSTALL);
    await client.query(
      `ALTER ROLE ${APPLICATION_ROLE} IN DATABASE ${client.escapeIdentifier(database.name)}
       SET search_path = sim, pg_catalog, public`,
    );
    const { rows } = await client.query<{ at: Date }>('SELECT at FROM sim.clock');
    return new SimulatedClock(client, rows[0]?.at ?? new Date());
  }

  get now(): Date {
    return this.#at;
  }

  /** @param to where the clock is later already, nothing happens */
  async advance(to: Date): Promise<void> {
    if (to <= this.#at) return;
    this.#at = to;
    if (to.getTime() - this.#heardAt < UNHEARD_MS) {
      await this.#client.query('UPDATE sim.clock SET at = $1', [to]);
      return;
    }
    this.#heardAt = to.getTime();
    // One statement: nobody sees the new time with the old signs.
    await this.#client.query(
      `WITH moved AS (UPDATE sim.clock SET at = $1)
       UPDATE device SET last_seen_at = $1 WHERE status IN ('ready', 'failing', 'in-call')`,
      [to],
    );
  }

  close(): Promise<void> {
    return this.#client.end();
  }
}
