import type { Sureness } from '@cloud-hospital/protocol/states';
import { playThrough } from './playThrough.ts';
import type { QueueSituation } from './situation.ts';

/** A promised time, in minutes from now. */
export interface Expected {
  readonly from: number;
  readonly to: number;
  /** Of the interval: what the promise is judged by. */
  readonly middle: number;
  readonly sureness: Sureness;
}

/** The stated interval holds the call with this probability. */
export const COVERAGE = 0.8;
/** In which steps the interval is moved along, and by how much longer ones count as well, since courses are few. */
const SHIFT = 0.01;
const ABOUT_AS_SHORT = 1.03;
/** An end of the interval is always so much after its begin: nobody is called to the second. Minutes. */
const NARROWEST = 2;
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

/**
 * Where the shortest interval begins that holds the asked-for share, as a share of the courses before it. Waiting times
 * have a long tail to the late side: an interval that leaves as much out before as after says more minutes than it must,
 * and its middle is later than most calls.
 */
function beginOfShortest(sorted: Float64Array): number {
  const begins = Array.from({ length: Math.round((1 - COVERAGE) / SHIFT) + 1 }, (_, step) => step * SHIFT);
  const widths = begins.map((begin) => quantile(sorted, Math.min(1, begin + COVERAGE)) - quantile(sorted, begin));
  const limit = Math.min(...widths) * ABOUT_AS_SHORT;
  const short = begins.filter((_, index) => (widths[index] ?? Number.POSITIVE_INFINITY) <= limit);
  return short.reduce((sum, begin) => sum + begin, 0) / short.length;
}

function summary(starts: readonly number[]): Expected | null {
  if (starts.length < MIN_COURSES) return null;
  const sorted = Float64Array.from(starts).sort();
  const begin = beginOfShortest(sorted);
  const from = Math.max(0, quantile(sorted, begin));
  const to = Math.max(from + NARROWEST, quantile(sorted, Math.min(1, begin + COVERAGE)));
  const width = to - from;
  return {
    from,
    to,
    middle: (from + to) / 2,
    sureness: width <= SURE_WIDTH ? 'sure' : width <= LIKELY_WIDTH ? 'likely' : 'rough',
  };
}

/**
 * When each person of a queue will probably be called: the product's heart.
 *
 * The coming hours are played through 128 times (`playThrough.ts`) and the shortest span that holds 80 % of what came out is
 * the promise.
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
