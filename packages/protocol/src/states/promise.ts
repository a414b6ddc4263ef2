import { z } from 'zod';

/** Which promise of a time it was. */
export const PromiseKind = z.enum(['first', 'hour-ahead', 'renewed']);
export type PromiseKind = z.infer<typeof PromiseKind>;

/** Why somebody waits longer than they were told; the catalogues turn it into a sentence (`queue.breach.<code>`). */
export const PromiseBreachReason = z.enum([
  /** A consultation before lasted longer than usual. */
  'longer-before',
  /** Somebody urgent, or somebody whose call had broken down, was taken first. */
  'urgent-before',
  'specialist-late',
  'specialist-away',
  /** The clinic's terminal was in another call. */
  'terminal-busy',
  /** Something was still missing at the clinic when the turn came. */
  'not-ready',
]);
export type PromiseBreachReason = z.infer<typeof PromiseBreachReason>;

/** Why no time can be promised just now. */
export const NoPromise = z.enum([
  /** Not working, and no session today that is still to come. */
  'off',
  /** On a break, nobody knows until when, or longer than was said. */
  'break',
  /** The session has begun without the specialist. */
  'late',
]);
export type NoPromise = z.infer<typeof NoPromise>;

/** How sure a promised time is, by how wide it is. */
export const Sureness = z.enum(['sure', 'likely', 'rough']);
export type Sureness = z.infer<typeof Sureness>;
