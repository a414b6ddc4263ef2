import { isDeepStrictEqual } from 'node:util';
import type { ToldPlace } from '@cloud-hospital/protocol/rest';
import { topic } from '../domain/topics.ts';
import type { Services } from '../Services.ts';
import { NOTHING_TOLD } from '../store/expectedTimes.ts';
import { affectedQueues, type LocatedPlace, locatedPlaces, readQueues } from '../store/queuePlaces.ts';
import type { SocketHub } from './SocketHub.ts';

/** What somebody here was told last about when their turn comes. */
type Told = Pick<LocatedPlace['place'], 'expected' | 'noPromise'>;

const toldIn = ({ place: { expected, noPromise } }: LocatedPlace): Told => ({ expected, noPromise });

/** Working the times out costs a hundred times what telling places does: a burst of calls is over first. Milliseconds. */
const TIMES_AFTER_MS = 150;

/**
 * Tells everybody who waits in a changed queue their own place. Where one stands is told at once, and pages keep the time
 * they know; when the turn comes takes longer to work out, so whoever's time has changed hears it a moment later. Queues
 * that change while one telling is under way are told together afterwards, from one reading.
 */
export class PlaceTeller {
  readonly #services: Services;
  readonly #hub: SocketHub;
  /** By queue, then by entry. */
  readonly #told = new Map<string, ReadonlyMap<string, Told>>();
  #changed = new Set<string>();
  /** Told where they stand, not yet when their turn comes. */
  #untimed = new Set<string>();
  #telling = false;
  #timing = false;

  constructor(services: Services, hub: SocketHub) {
    this.#services = services;
    this.#hub = hub;
  }

  queueChanged(queueId: string): void {
    this.#changed.add(queueId);
    if (this.#telling) return;
    this.#telling = true;
    // A burst of news is read from the outbox in one turn.
    setImmediate(() => void this.#tellAll());
  }

  async #tellAll(): Promise<void> {
    while (this.#changed.size > 0) {
      const queueIds = [...this.#changed];
      this.#changed = new Set();
      await this.#attempt(() => this.#tellPlaces(queueIds));
    }
    this.#telling = false;
    this.#tellTimesSoon();
  }

  #tellTimesSoon(): void {
    if (this.#timing || this.#telling || this.#untimed.size === 0) return;
    this.#timing = true;
    setTimeout(() => void this.#tellTimesNow(), TIMES_AFTER_MS);
  }

  async #tellTimesNow(): Promise<void> {
    const queueIds = [...this.#untimed];
    this.#untimed = new Set();
    await this.#attempt(() => this.#tellTimes(queueIds));
    this.#timing = false;
    this.#tellTimesSoon();
  }

  async #attempt(tell: () => Promise<void>): Promise<void> {
    try {
      if (this.#hub.connected > 0) await tell();
    } catch (error) {
      // Clients refetch what they show from time to time; a lost place heals with the next change.
      this.#services.log.warn({ err: error }, 'places not told');
    }
  }

  async #tellPlaces(queueIds: readonly string[]): Promise<void> {
    const { db } = this.#services;
    const affected = await affectedQueues(db, queueIds);
    for (const queueId of affected) this.#untimed.add(queueId);
    const reading = await readQueues(db, affected);
    for (const located of reading?.places(NOTHING_TOLD) ?? []) {
      const { expected: _expected, noPromise: _noPromise, ...place } = located.place;
      this.#emit(located, located.place.state === 'waiting' ? place : located.place);
    }
  }

  async #tellTimes(queueIds: readonly string[]): Promise<void> {
    const { db } = this.#services;
    const byQueue = Map.groupBy(await locatedPlaces(db, queueIds), ({ queueId }) => queueId);
    for (const queueId of queueIds) {
      const waiting = (byQueue.get(queueId) ?? []).filter(({ place }) => place.state === 'waiting');
      const before = this.#told.get(queueId);
      if (waiting.length === 0) this.#told.delete(queueId);
      else this.#told.set(queueId, new Map(waiting.map((one) => [one.place.queueEntryId, toldIn(one)])));
      for (const one of waiting) {
        if (!isDeepStrictEqual(before?.get(one.place.queueEntryId), toldIn(one))) this.#emit(one, one.place);
      }
    }
  }

  #emit({ locationId }: LocatedPlace, place: ToldPlace): void {
    this.#hub.emitToTopics([topic.patient(place.patientId), topic.location(locationId)], 'queue-entry:changed', place);
  }
}
