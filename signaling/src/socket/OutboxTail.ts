import type { Logger } from 'pino';
import { sql } from 'kysely';
import type { Db } from '../store/database.ts';
import type { JsonValue } from '../store/schema.ts';

export interface OutboxEvent {
  readonly id: string;
  readonly topics: readonly string[];
  readonly name: string;
  readonly data: Record<string, JsonValue>;
  /** Since the row was written, milliseconds. */
  readonly ageMs: number;
}

export interface OutboxTailOptions {
  readonly db: Db;
  readonly log: Logger;
  /** Poll when nobody wakes us (Redis gone). Milliseconds. */
  readonly pollMs: number;
  readonly deliver: (event: OutboxEvent) => void;
}

const BATCH = 500;
/**
 * Ids are given out before commit, so a lower one may become visible after a higher one. A hole is asked for again for
 * this long; statement and idle timeouts of our role end every transaction sooner. Milliseconds.
 */
const HOLE_LIFETIME_MS = 60_000;
/** A rolled-back batch leaves a hole for each id; more than this many are not tracked at once. */
const MAX_HOLES = 10_000;

/**
 * Reads every committed outbox row exactly once, in the order rows become visible, and hands it to `deliver`. Each
 * replica has its own tail and emits to the browsers connected to it; a row missed while the replica was down
 * concerns nobody connected to it.
 */
export class OutboxTail {
  readonly #options: OutboxTailOptions;
  /** Highest id seen. */
  #head = 0n;
  /** Ids below the head that were not visible yet, with the time they were first missed. */
  readonly #holes = new Map<bigint, number>();
  #timer: NodeJS.Timeout | undefined;
  #reading = false;
  #again = false;
  #closed = false;

  private constructor(options: OutboxTailOptions) {
    this.#options = options;
  }

  /** Starts behind the newest row. @throws when the database can't be asked */
  static async create(options: OutboxTailOptions): Promise<OutboxTail> {
    const tail = new OutboxTail(options);
    const { rows } = await sql<{ head: string }>`SELECT coalesce(max(id), 0)::text AS head FROM outbox`.execute(
      options.db,
    );
    tail.#head = BigInt(rows[0]?.head ?? '0');
    tail.#arm();
    return tail;
  }

  /** Reads now: after an own commit, or when another replica published one. */
  wake(): void {
    if (this.#closed) return;
    if (this.#reading) {
      this.#again = true;
      return;
    }
    this.#reading = true;
    void this.#drain().finally(() => {
      this.#reading = false;
      if (this.#again) {
        this.#again = false;
        this.wake();
      } else {
        this.#arm();
      }
    });
  }

  close(): void {
    this.#closed = true;
    clearTimeout(this.#timer);
  }

  #arm(): void {
    clearTimeout(this.#timer);
    if (!this.#closed) this.#timer = setTimeout(() => this.wake(), this.#options.pollMs);
  }

  async #drain(): Promise<void> {
    try {
      while (!this.#closed && (await this.#readBatch()) === BATCH);
    } catch (error) {
      // The database is away: the next poll tries again, and nothing was skipped.
      this.#options.log.warn({ err: error }, 'outbox could not be read');
    }
  }

  async #readBatch(): Promise<number> {
    const now = Date.now();
    for (const [id, missedAt] of this.#holes) if (now - missedAt > HOLE_LIFETIME_MS) this.#holes.delete(id);
    const holes = [...this.#holes.keys()].map(String);
    const { rows } = await sql<{
      id: string;
      topics: string[];
      name: string;
      data: Record<string, JsonValue>;
      age_ms: number;
    }>`
      SELECT id::text, topics, name, data,
             (extract(epoch FROM clock_timestamp() - created_at) * 1000)::float8 AS age_ms
      FROM outbox
      WHERE id > ${this.#head.toString()}::bigint OR id = ANY(${holes}::bigint[])
      ORDER BY id
      LIMIT ${BATCH}`.execute(this.#options.db);
    for (const row of rows) {
      const id = BigInt(row.id);
      if (id > this.#head) {
        for (let missing = this.#head + 1n; missing < id && this.#holes.size < MAX_HOLES; missing += 1n) {
          this.#holes.set(missing, now);
        }
        this.#head = id;
      } else {
        this.#holes.delete(id);
      }
      this.#options.deliver({ id: row.id, topics: row.topics, name: row.name, data: row.data, ageMs: row.age_ms });
    }
    return rows.length;
  }
}
