import { logNormalMean, logNormalQuantile } from './normal.ts';
import { lengthOf } from './pace.ts';
import type { QueueSituation } from './situation.ts';
import { repeatable, RUNS, Strata } from './strata.ts';
import { blocked, uncertainPerson, uncertainServer } from './uncertain.ts';

/** Classes of the order are this far apart, in minutes. */
const CLASS_STEP = 100_000;
/** A walk-in gives way to whoever is booked for this long after check-in: the same as in the queue's order. */
const WALK_IN_GIVES_WAY = 45;
/** Somebody urgent stands as if they had checked in so much earlier: the same as in the queue's order. */
const URGENT_HEAD_START = 120;
/** Class of everybody whose call didn't break down. */
const USUAL_CLASS = 2;
/** Nobody who isn't known yet is followed farther than this. Minutes. */
const HORIZON = 300;

const orderNumber = (orderClass: number, due: number): number => orderClass * CLASS_STEP + due;
const valueAt = (column: Float64Array | undefined, index: number): number => column?.[index] ?? 0;

/** People nobody knows of yet, as they come by themselves: a Poisson process. */
class Newcomers {
  readonly #perHour: number;
  readonly #next: () => number;
  readonly #givesWay: number;
  #checkIn = 0;

  /** @param givesWay by how much their due time lies behind their check-in, minutes */
  constructor(perHour: number, givesWay: number, next: () => number) {
    this.#perHour = perHour;
    this.#givesWay = givesWay;
    this.#next = next;
    this.take();
  }

  /** When the first of them checks in who wasn't called yet. */
  get checkIn(): number {
    return this.#checkIn > HORIZON ? Number.POSITIVE_INFINITY : this.#checkIn;
  }

  get order(): number {
    return orderNumber(USUAL_CLASS, this.#checkIn + this.#givesWay);
  }

  take(): void {
    this.#checkIn =
      this.#perHour > 0 ? this.#checkIn - (Math.log(1 - this.#next()) * 60) / this.#perHour : Number.POSITIVE_INFINITY;
  }
}

/**
 * Plays the coming hours through, RUNS times: whoever is free calls the first in order who is ready and whose terminal
 * is free, and nobody who isn't here. Discrete events, no steps of time.
 *
 * @returns for each person of the situation the minutes from now at which they are called, one for each course in which
 * they come; the same situation always gives the same ones
 */
export function playThrough(situation: QueueSituation): readonly number[][] {
  const { habits } = situation;
  const strata = new Strata();
  const terminals = [...new Set(situation.people.flatMap(({ terminal }) => terminal ?? []))];
  const terminalOf = new Map(terminals.map((terminal, index) => [terminal, index]));
  const people = situation.people
    .map((person, index) => ({
      index,
      servedBy: situation.servers.map(({ lines }) => lines.includes(person.line)),
      base: orderNumber(person.order.class, person.order.due),
      terminal: person.terminal === null ? -1 : (terminalOf.get(person.terminal) ?? -1),
      ...uncertainPerson(person, situation, strata),
    }))
    // Being late only ever moves somebody back, so that `base` is a lower bound of everybody's order.
    .sort((a, b) => a.base - b.base);
  const servers = situation.servers.map((server) => uncertainServer(server, situation, strata));
  const blocks = situation.others.map((other) => blocked(other, situation, strata));
  const blocksOf = terminals.map((terminal) => blocks.filter((block) => block.terminal === terminal));
  const preparation = logNormalMean(habits.preparation);
  const starts: number[][] = situation.people.map(() => []);
  const freeAt = new Float64Array(servers.length);
  const terminalFree = new Float64Array(terminals.length);

  for (let run = 0; run < (servers.length === 0 ? 0 : RUNS); run += 1) {
    const next = repeatable(run);
    const walkIns = new Newcomers(habits.walkInsPerHour * servers.length, WALK_IN_GIVES_WAY, next);
    const urgent = new Newcomers(habits.urgentPerHour * servers.length, -URGENT_HEAD_START, next);
    const waiting = people.filter(({ readyAt }) => !Number.isNaN(readyAt[run]));
    for (const [index, server] of servers.entries()) freeAt[index] = valueAt(server.freeAt, run);
    terminalFree.fill(0);

    /** When a terminal can be called at, from `at` on. */
    const terminalFrom = (terminal: number, at: number): number => {
      let from = Math.max(at, valueAt(terminalFree, terminal));
      for (const block of blocksOf[terminal] ?? []) {
        if (from >= valueAt(block.from, run)) from = Math.max(from, valueAt(block.to, run));
      }
      return from;
    };
    /** The place in `waiting` of the first in order who can be called at `at`, their order, and when the next one can. */
    const look = (server: number, at: number): { place: number; order: number; soonest: number } => {
      let place = -1;
      let order = Number.POSITIVE_INFINITY;
      let soonest = Number.POSITIVE_INFINITY;
      for (let index = 0; index < waiting.length; index += 1) {
        const candidate = waiting[index];
        if (candidate === undefined || candidate.base >= order) break;
        if (candidate.servedBy[server] !== true) continue;
        const readyAt = valueAt(candidate.readyAt, run);
        const from = readyAt > at || candidate.terminal < 0 ? readyAt : terminalFrom(candidate.terminal, at);
        if (from > at) {
          soonest = Math.min(soonest, from);
          continue;
        }
        const own = orderNumber(candidate.person.order.class, valueAt(candidate.due, run));
        if (own < order) [place, order] = [index, own];
      }
      return { place, order, soonest };
    };
    const newcomer = (at: number, otherwise: number): Newcomers | undefined =>
      [urgent, walkIns].find((who) => who.checkIn + preparation <= at && who.order < otherwise);

    while (waiting.length > 0) {
      let first = 0;
      for (let index = 1; index < servers.length; index += 1) {
        if (valueAt(freeAt, index) < valueAt(freeAt, first)) first = index;
      }
      const server = servers[first];
      if (server === undefined) break;
      const at = valueAt(freeAt, first);
      if (at === Number.POSITIVE_INFINITY) break;
      const seen = look(first, at);
      const unknown = newcomer(at, seen.order);
      if (seen.place < 0 && unknown === undefined) {
        // Nobody is here: this specialist waits for whoever is ready next, while others may be free before. For ever if
        // nobody of their lines comes any more.
        freeAt[first] = Math.min(seen.soonest, urgent.checkIn + preparation, walkIns.checkIn + preparation);
        continue;
      }
      const factor = valueAt(server.factor, run);
      if (unknown !== undefined) {
        unknown.take();
        const length = lengthOf(server.server.pace, next()) * factor;
        freeAt[first] = at + length + logNormalQuantile(habits.changeover, next());
        continue;
      }
      const [called] = seen.place < 0 ? [] : waiting.splice(seen.place, 1);
      if (called === undefined) break;
      starts[called.index]?.push(at);
      const end = at + lengthOf(server.server.pace, valueAt(called.length, run)) * factor;
      if (called.terminal >= 0) terminalFree[called.terminal] = end;
      freeAt[first] = end + valueAt(called.changeover, run);
    }
  }
  return starts;
}
