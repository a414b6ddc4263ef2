import { AppError } from '@cloud-hospital/protocol';
import { randomUUID } from 'node:crypto';
import { sql } from 'kysely';
import { expect } from 'vitest';
import { z } from 'zod';
import { readStates } from '../careInvariants.ts';
import { BOOKING_COMMANDS, planBooking } from './bookingCommands.ts';
import { preparationOf, type Request } from './choose.ts';
import type { Command, CommandKind } from './commands.ts';
import { planQueue } from './queueCommands.ts';
import { planSchedule, SCHEDULE_COMMANDS } from './scheduleCommands.ts';
import type { World } from './world.ts';
import { watchOvertaking } from './overtaking.ts';

/** Decides what a command does, to whom and by whom. */
function plan(world: World, sent: Command, key: string): Promise<Request | undefined> {
  const booking = BOOKING_COMMANDS.find((one) => one === sent.kind);
  if (booking !== undefined) return planBooking(world, sent, booking, key);
  const schedule = SCHEDULE_COMMANDS.find((one) => one === sent.kind);
  if (schedule !== undefined) return planSchedule(world, sent, schedule, key);
  return planQueue(world, sent, key);
}

/** Those whose answer is kept under their key. */
const REPEATED: ReadonlySet<CommandKind> = new Set([
  'hold',
  'confirm',
  'cancel',
  'reschedule',
  'check-in',
  'call-next',
  'call-entry',
  'recall',
  'skip',
  'never-there',
  'finish',
  'walk-in-pool',
  'join-pool',
  'leave-pool',
  'hand-over',
  'hand-to-pool',
  'take-substitute',
  'join-list',
  'leave-list',
  'decline-offer',
  'take-leave',
  'change-day',
  'withdraw-leave',
  'answer-change',
] as const);

const CALLS: ReadonlySet<CommandKind> = new Set(['call-next', 'call-entry', 'recall'] as const);

const Traces = z.object({ traces: z.array(z.number()) });

/** How much was ever written down: a command that took effect twice would have left more. */
async function traces(world: World): Promise<number[]> {
  const { rows } = await sql`SELECT ARRAY[(SELECT count(*) FROM audit_event), (SELECT count(*) FROM outbox),
    (SELECT count(*) FROM job), (SELECT count(*) FROM queue_overtaking), (SELECT count(*) FROM queue_transfer),
    (SELECT count(*) FROM communication), (SELECT count(*) FROM schedule_exception)]::int[] AS traces`.execute(
    world.district.services.db,
  );
  return Traces.parse(rows[0]).traces;
}

/** Sent alone, "call next" goes past whoever can't be called: their terminal or they themselves are in another call. */
async function assertFindsSomebody(answer: Promise<unknown>): Promise<unknown> {
  return answer.catch((error: unknown) => {
    if (error instanceof AppError && (error.code === 'TERMINAL_BUSY' || error.code === 'PATIENT_BUSY')) {
      throw new Error('"call next" stopped at somebody who is in another call', { cause: error });
    }
    throw error;
  });
}

/** As it travels. */
const onTheWire = (answer: unknown): unknown => JSON.parse(JSON.stringify(answer ?? null));

/** Twins at the same moment: two answers are one. */
async function sendTwice(request: Request): Promise<unknown> {
  const [one, two] = await Promise.allSettled([request(), request()]);
  if (one.status === 'fulfilled' && two.status === 'fulfilled') {
    expect(onTheWire(two.value)).toEqual(onTheWire(one.value));
  }
  // The first may be refused and the second not; a constraint that shows through is a bug.
  for (const twin of [one, two]) {
    if (twin.status === 'rejected' && !(twin.reason instanceof AppError)) throw twin.reason;
  }
  if (one.status === 'fulfilled') return one.value;
  if (two.status === 'fulfilled') return two.value;
  throw one.reason;
}

/** What became of a command. */
export interface Sent {
  readonly kind: CommandKind;
  readonly answer: unknown;
  /** Whether a second answer was compared with the first. */
  readonly repeated: boolean;
  /** By a call that was sent alone: who stood before the called one without a record of why they were passed. */
  readonly silentlyOvertaken: readonly string[];
}

/**
 * Sends a command. Some are sent twice at the same moment, and some again after the answer, under the same key: two
 * answers are one, and the second leaves nothing behind.
 * @param alone whether nobody else does anything meanwhile
 */
async function sendPlanned(world: World, sent: Command, request: Request, alone: boolean): Promise<Sent> {
  const { kind } = sent;
  const overtaken = alone && CALLS.has(kind) ? await watchOvertaking(world) : () => Promise.resolve([]);
  const isRepeated = REPEATED.has(kind);
  const answering = isRepeated && sent.c % 4 === 1 ? sendTwice(request) : request();
  const answer = await (alone && kind === 'call-next' ? assertFindsSomebody(answering) : answering);
  const silentlyOvertaken = await overtaken(answer);
  const repeated = isRepeated && alone && sent.c % 4 === 2;
  if (repeated) {
    const { db } = world.district.services;
    const left = await Promise.all([traces(world), readStates(db)]);
    expect(onTheWire(await request())).toEqual(onTheWire(answer));
    expect(await Promise.all([traces(world), readStates(db)])).toEqual(left);
  }
  return { kind, answer, repeated, silentlyOvertaken };
}

/**
 * Sends a command; where nothing is there for it, first whatever has to come before, so that days get somewhere.
 * @returns what was sent, in order
 */
export async function sendCommand(world: World, sent: Command, alone: boolean): Promise<Sent[]> {
  const request = await plan(world, sent, randomUUID());
  if (request !== undefined) return [await sendPlanned(world, sent, request, alone)];
  const preparation = preparationOf(sent.kind);
  if (preparation === undefined) return [];
  const done = await sendCommand(world, { ...sent, kind: preparation }, alone);
  const again = await plan(world, sent, randomUUID());
  return again === undefined ? done : [...done, await sendPlanned(world, sent, again, alone)];
}
