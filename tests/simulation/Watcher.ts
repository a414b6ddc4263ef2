import { sql } from 'kysely';
import type { Db } from '../../signaling/src/store/database.ts';
import { locatedPlaces } from '../../signaling/src/store/queuePlaces.ts';

/** What somebody who waits was told at one moment. */
export interface PromiseSample {
  readonly queueEntryId: string;
  readonly at: Date;
  readonly from: Date;
  readonly to: Date;
  readonly ahead: number;
}

/** Looks on without taking part: what is promised, and whether each call overtakes anybody without a word. */
export class Watcher {
  readonly promises: PromiseSample[] = [];
  /** First call of each entry. */
  readonly calledAt = new Map<string, Date>();
  /** `<overtaken> by <called>`, without a reason on record. */
  readonly overtakenSilently: string[] = [];
  overtaken = 0;
  waitingWithoutPromise = 0;
  readonly #db: Db;
  readonly #queueIds: readonly string[];

  constructor(db: Db, queueIds: readonly string[]) {
    this.#db = db;
    this.#queueIds = queueIds;
  }

  /** What the API answers everybody who waits now (`GET /queue-entries/{id}/place`), from the function it asks. */
  async notePromises(at: Date): Promise<void> {
    for (const { place } of await locatedPlaces(this.#db, this.#queueIds)) {
      if (place.state !== 'waiting') continue;
      if (place.expected === null) {
        this.waitingWithoutPromise += 1;
        continue;
      }
      this.promises.push({
        queueEntryId: place.queueEntryId,
        at,
        from: new Date(place.expected.from),
        to: new Date(place.expected.to),
        ahead: place.ahead,
      });
    }
  }

  /** Who can be called by this queue's specialist, the department's pool included, in calling order. */
  async order(queueId: string): Promise<string[]> {
    const { rows } = await sql<{ queue_entry_id: string }>`
      SELECT queue_entry_id FROM queue_order(queues_called_from(${queueId}), now()) ORDER BY place`.execute(this.#db);
    return rows.map((row) => row.queue_entry_id);
  }

  /** Whose queue somebody waits in. */
  async specialistOf(queueEntryId: string): Promise<string | null> {
    const row = await this.#db
      .selectFrom('queue_entry')
      .innerJoin('queue', 'queue.id', 'queue_entry.queue_id')
      .select('queue.practitioner_role_id')
      .where('queue_entry.id', '=', queueEntryId)
      .executeTakeFirst();
    return row?.practitioner_role_id ?? null;
  }

  async noteCall(before: readonly string[], calledId: string, at: Date): Promise<void> {
    if (!this.calledAt.has(calledId)) this.calledAt.set(calledId, at);
    const place = before.indexOf(calledId);
    if (place <= 0) return;
    const ahead = before.slice(0, place);
    const rows = await this.#db
      .selectFrom('queue_entry')
      .leftJoin('queue_overtaking', (join) =>
        join
          .onRef('queue_overtaking.queue_entry_id', '=', 'queue_entry.id')
          .on('queue_overtaking.overtaken_by', '=', calledId)
          .on('queue_overtaking.reason', '<>', 'unknown'),
      )
      .select(['queue_entry.id', 'queue_overtaking.reason'])
      .where('queue_entry.id', 'in', ahead)
      // A colleague may have called one of them from the pool at the same moment.
      .where('queue_entry.state', '=', 'waiting')
      .execute();
    for (const { id, reason } of rows) {
      this.overtaken += 1;
      if (reason === null) this.overtakenSilently.push(`${id} by ${calledId}`);
    }
  }
}
