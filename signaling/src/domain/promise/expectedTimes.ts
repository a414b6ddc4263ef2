import type { Sureness } from '@cloud-hospital/protocol/states';
import { playThrough } from './playThrough.ts';
import type { QueueSituation } from './situation.ts';

/** A promised time, in minutes from now. */
export interface Expected {
  readonly from: number;
  readonly to: number;
  /** Mean of what may happen: what the promise is judged by. */
  readonly middle: number;
  readonly sureness: Sureness;
}

/** The stated interval holds the call with this probability, as much of the rest before as after it. */
export const COVERAGE = 0.8;
/** An end of the interval is always so much after its begin: nobody is called to the second. Minutes. */
const NARROWEST = 2;
const TRIMMED = 0.05;
const SURE_WIDTH = 12;
const LIKELY_WIDTH = 25;
/** Somebody who comes in fewer courses than this is told nothing: there is too little to say it from. */
const MIN_COURSES = 8;

/** The p-quantile of ascending values, between neighbours by their distance. */
function quantile(sorted: Float64Array, p: number): number {
  const place = p * (sorted.length - 1);
  const below = sorted[Math.floor(place)] ?? 0;
  return below + (place - Math.floor(place)) * ((sorted[Math.ceil(place)] ?? below) - below);
}

/** Mean without the outermost twentieth on either side: a rare jam moves a promise less than what usually happens. */
function trimmedMean(sorted: Float64Array): number {
  const cut = Math.floor(sorted.length * TRIMMED);
  const kept = sorted.subarray(cut, sorted.length - cut);
  return kept.reduce((sum, value) => sum + value, 0) / kept.length;
}

function summary(starts: readonly number[]): Expected | null {
  if (starts.length < MIN_COURSES) return null;
  const sorted = Float64Array.from(starts).sort();
  const from = Math.max(0, quantile(sorted, (1 - COVERAGE) / 2));
  const to = Math.max(from + NARROWEST, quantile(sorted, (1 + COVERAGE) / 2));
  const width = to - from;
  return {
    from,
    to,
    middle: trimmedMean(sorted),
    sureness: width <= SURE_WIDTH ? 'sure' : width <= LIKELY_WIDTH ? 'likely' : 'rough',
  };
}

/**
 * When each person of a queue will probably be called: the product's heart.
 *
 * The coming hours are played through 128 times (`playThrough.ts`) and the middle 80 % of what came out is the promise.
 * In each course, drawn by Latin hypercube and therefore the same for the same situation:
 * - the length of a consultation comes from this specialist's own latest ones, drawn to the department's and the
 *   district's while there are few (`pace.ts`), times a factor for how little is known of today's pace;
 * - the present one still needs what one needs that already lasts so long, not "typical minus elapsed";
 * - between two there is a changeover, learned the same way;
 * - people are called in the queue's order. Whoever is booked and not here comes with the probability and at the time
 *   they usually do, is not called before, and loses their place if late, as the order says; walk-ins and urgent ones
 *   whom nobody knows of come as often as they usually do;
 * - a terminal is in one call at a time: calls of other queues at the same terminal block it;
 * - of several specialists who serve one queue the first who is free calls.
 * Empty stretches come out by themselves: if nobody is ready, the specialist waits.
 *
 * @returns by person's id; null where there is no honest estimate
 */
export function expectedTimes(situation: QueueSituation): ReadonlyMap<string, Expected | null> {
  const starts = playThrough(situation);
  return new Map(situation.people.map(({ id }, index) => [id, summary(starts[index] ?? [])]));
}

const MINUTE_MS = 60_000;
/** Farther away than this a promise to the minute would pretend. Minutes. */
const FAR = 45;
const FAR_STEP = 5;

/** The interval as it is said: whole minutes outwards, steps of five when far away, never earlier than now. */
export function saidTime(expected: Expected, now: Date): { from: Date; to: Date } {
  const step = (expected.from > FAR ? FAR_STEP : 1) * MINUTE_MS;
  const start = now.getTime();
  const from = Math.floor((start + expected.from * MINUTE_MS) / step) * step;
  const to = Math.ceil((start + expected.to * MINUTE_MS) / step) * step;
  return { from: new Date(Math.max(from, Math.floor(start / MINUTE_MS) * MINUTE_MS)), to: new Date(to) };
}
