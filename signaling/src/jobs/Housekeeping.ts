import { sql } from 'kysely';
import { endIdleSessions } from '../operations/session/endIdleSessions.ts';
import type { Services } from '../Services.ts';
import { stopAbandonedUploads } from '../operations/attachment/stopAbandoned.ts';
import { offerFreedSlots } from '../operations/booking/waitlist/offerFreedSlots.ts';
import { ensureSlots } from '../store/ensureSlots.ts';
import { refreshHabits } from '../store/learnHabits.ts';

const FIRST_MS = 1_000;
const INTERVAL_MS = 30_000;
/** Slots of another day are due once a day; hourly, so that no night is missed. */
const SLOTS_INTERVAL_MS = 3_600_000;
const DAY_MS = 24 * 3_600_000;
/** How calls went is kept sample by sample so long, and by the minute after that. */
const FINE_SAMPLES = '90 days';
const SAMPLES_AT_ONCE = 5_000;

/**
 * Removes what only machinery needed (never anything clinical) and measures what nobody else does. Every replica may
 * do it at the same time: each statement is harmless twice.
 */
export class Housekeeping {
  readonly #services: Services;
  #timer: NodeJS.Timeout | undefined;
  #closed = false;
  #slotsMadeAt: number | undefined;

  constructor(services: Services) {
    this.#services = services;
    this.#arm(FIRST_MS);
  }

  close(): void {
    this.#closed = true;
    clearTimeout(this.#timer);
  }

  #arm(delayMs: number): void {
    if (this.#closed) return;
    this.#timer = setTimeout(() => {
      void this.#run().finally(() => this.#arm(INTERVAL_MS));
    }, delayMs);
    this.#timer.unref();
  }

  /** So that the whole booking window has slots, from the start on and each day after. */
  async #makeSlots(): Promise<void> {
    const { db, config, log } = this.#services;
    const now = performance.now();
    if (this.#slotsMadeAt !== undefined && now - this.#slotsMadeAt < SLOTS_INTERVAL_MS) return;
    const made = await ensureSlots(db, config.BOOKING_WINDOW_DAYS);
    this.#slotsMadeAt = now;
    if (made > 0) log.info({ made }, 'slots made');
  }

  async #run(): Promise<void> {
    const { db, log, metrics } = this.#services;
    try {
      await this.#makeSlots();
      await offerFreedSlots(this.#services);
      const learned = await refreshHabits(db);
      if (learned > 0) log.info({ specialists: learned }, 'habits learned');
      const stopped = await stopAbandonedUploads(this.#services);
      if (stopped > 0) log.info({ stopped }, 'abandoned uploads removed');
      await endIdleSessions(this.#services);
      // Browsers refetch on reconnect, so that an hour of events is plenty for any replica's tail.
      await db.deleteFrom('outbox').where('created_at', '<', sql<Date>`now() - interval '1 hour'`).execute();
      await db.deleteFrom('login_code').where('expires_at', '<', sql<Date>`now() - interval '1 day'`).execute();
      await db
        .deleteFrom('session')
        .where(sql<Date>`least(revoked_at, expires_at)`, '<', sql<Date>`now() - interval '90 days'`)
        .execute();
      await db.deleteFrom('device_challenge').where('expires_at', '<', sql<Date>`now() - interval '1 hour'`).execute();
      await db
        .deleteFrom('idempotency_key')
        .where('created_at', '<', sql<Date>`now() - make_interval(secs => ${DAY_MS / 1_000})`)
        .execute();
      await db
        .deleteFrom('job')
        .where('state', 'in', ['done', 'cancelled'])
        .where('finished_at', '<', sql<Date>`now() - interval '30 days'`)
        .execute();
      await sql`SELECT thin_call_samples(now() - ${FINE_SAMPLES}::interval, ${SAMPLES_AT_ONCE})`.execute(db);
      const { rows } = await sql<{
        waiting: string;
      }>`SELECT count(*) AS waiting FROM queue_entry WHERE state = 'waiting'`.execute(db);
      metrics.queueLength.set(Number(rows[0]?.waiting ?? 0));
    } catch (error) {
      log.warn({ err: error }, 'housekeeping put off');
    }
  }
}
