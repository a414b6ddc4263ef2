import {
  logNormalMean,
  logNormalQuantile,
  logNormalRemaining,
  normalAbove,
  normalCdf,
  normalQuantile,
} from './normal.ts';
import { lengthOf, remainingOf } from './pace.ts';
import type { OtherCall, Person, QueueSituation, Server } from './situation.ts';
import { RUNS, type Strata } from './strata.ts';

/** A specialist who was idle this long isn't writing any more but waits: they call as soon as somebody is ready. */
const IDLE_AFTER = 6;
const REACTION = 0.3;
/** People come back from a break a little late. */
const BACK_LATE = { location: 1, scale: 1.5 } as const;
/** Later than this a booked person stands by check-in instead of by their time: the same as in the queue's order. */
const LATE_AFTER = 10;

/** For each of the runs one value of everything that isn't known; NaN where somebody doesn't come. */
const drawn = (value: (run: number) => number): Float64Array =>
  Float64Array.from({ length: RUNS }, (_, run) => value(run));
const at = (column: Float64Array, run: number): number => column[run] ?? 0;

export interface UncertainServer {
  readonly server: Server;
  /** When the next call is made if somebody is ready. */
  readonly freeAt: Float64Array;
  /** How this specialist's lengths differ from what is known of them. */
  readonly factor: Float64Array;
}

export function uncertainServer(server: Server, { habits }: QueueSituation, strata: Strata): UncertainServer {
  const { id, pace, state } = server;
  const [length, gap, factor] = [strata.column(`${id} now`), strata.column(`${id} gap`), strata.column(`${id} pace`)];
  const free = (run: number): number => {
    switch (state.kind) {
      case 'free':
        return state.idle > IDLE_AFTER ? REACTION : logNormalRemaining(habits.changeover, state.idle, at(gap, run));
      case 'ringing':
        return lengthOf(pace, at(length, run)) + logNormalQuantile(habits.changeover, at(gap, run));
      case 'serving':
        return remainingOf(pace, state.elapsed, at(length, run)) + logNormalQuantile(habits.changeover, at(gap, run));
      case 'away':
        return state.back + Math.max(0, BACK_LATE.location + BACK_LATE.scale * normalQuantile(at(gap, run)));
    }
  };
  return {
    server,
    freeAt: drawn(free),
    factor: drawn((run) => Math.exp(pace.uncertainty * normalQuantile(at(factor, run)))),
  };
}

export interface UncertainPerson {
  readonly person: Person;
  readonly readyAt: Float64Array;
  /** Minutes of the due time within the class. */
  readonly due: Float64Array;
  /** Which quantile of the specialist's lengths this consultation will be. */
  readonly length: Float64Array;
  readonly changeover: Float64Array;
}

/** How probable it is that somebody still comes who isn't here `late` minutes after their time. */
function stillComing({ showUp, arrival }: QueueSituation['habits'], late: number): number {
  const comesLater = showUp * (1 - normalCdf((late - arrival.location) / arrival.scale));
  return comesLater / (comesLater + 1 - showUp);
}

export function uncertainPerson(person: Person, { habits }: QueueSituation, strata: Strata): UncertainPerson {
  const { id, presence, order, start } = person;
  const [arrival, preparation, shows] = [
    strata.column(`${id} arrival`),
    strata.column(`${id} preparation`),
    strata.column(`${id} shows`),
  ];
  const known = {
    person,
    length: strata.column(`${id} length`),
    changeover: drawn(
      (
        (column) => (run: number) =>
          logNormalQuantile(habits.changeover, at(column, run))
      )(strata.column(`${id} changeover`)),
    ),
  };
  // Some specialists work by the clock: whoever comes early waits for their time all the same.
  const earliest = start === null ? 0 : Math.max(0, start + habits.earliestCall);
  switch (presence.kind) {
    case 'ready':
      return { ...known, readyAt: drawn(() => earliest), due: drawn(() => order.due) };
    case 'preparing':
      return {
        ...known,
        readyAt: drawn((run) =>
          Math.max(earliest, logNormalRemaining(habits.preparation, presence.since, at(preparation, run))),
        ),
        due: drawn(() => order.due),
      };
    case 'booked': {
      const appointed = start ?? 0;
      const probability = stillComing(habits, -appointed);
      const checkIn = drawn((run) =>
        at(shows, run) < probability
          ? appointed + normalAbove(habits.arrival, -appointed, at(arrival, run))
          : Number.NaN,
      );
      return {
        ...known,
        readyAt: drawn((run) =>
          Math.max(earliest, at(checkIn, run) + logNormalQuantile(habits.preparation, at(preparation, run))),
        ),
        due: drawn((run) => (at(checkIn, run) > appointed + LATE_AFTER ? at(checkIn, run) : appointed)),
      };
    }
  }
}

/** When a terminal is taken by a call of another queue. */
export interface Blocked {
  readonly terminal: string;
  readonly from: Float64Array;
  readonly to: Float64Array;
}

/** Booked people of other queues are called about so much after their time. Minutes. */
const CALLED_AFTER_START = { location: 3, scale: 10 } as const;

/** The other queue isn't played through: its people are assumed to take as long as the department's usually do. */
export function blocked({ id, terminal, when }: OtherCall, { habits }: QueueSituation, strata: Strata): Blocked {
  const [wait, length] = [strata.column(`${id} wait`), strata.column(`${id} blocks`)];
  const cycle = logNormalMean(habits.consultation) + logNormalMean(habits.changeover);
  const begin = (run: number): number => {
    switch (when.kind) {
      case 'serving':
        return 0;
      case 'waiting': {
        // So many consultations and what is left of the present one; independent, so that the error grows with the root.
        const error = habits.consultation.scale * cycle * Math.sqrt(when.before + 0.3) * normalQuantile(at(wait, run));
        return Math.max(0, (when.before + 0.5) * cycle + error);
      }
      case 'booked':
        return Math.max(
          0,
          when.start + CALLED_AFTER_START.location + CALLED_AFTER_START.scale * normalQuantile(at(wait, run)),
        );
    }
  };
  const from = drawn(begin);
  return {
    terminal,
    from,
    to: drawn((run) =>
      when.kind === 'serving'
        ? logNormalRemaining(habits.consultation, when.elapsed, at(length, run))
        : at(from, run) + logNormalQuantile(habits.consultation, at(length, run)),
    ),
  };
}
