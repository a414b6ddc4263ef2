import { AppError } from '@cloud-hospital/protocol';
import fc from 'fast-check';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { CareDistrict } from '../support/careDistrict.ts';
import { impossibleChanges, readStates, violations } from '../support/careInvariants.ts';
import { type Command, COMMAND_KINDS, type CommandKind, day, USUAL_DAYS } from '../support/randomDays/commands.ts';
import { type Sent, sendCommand } from '../support/randomDays/sendCommand.ts';
import { createWorld, type World } from '../support/randomDays/world.ts';
import { ScheduleStage } from '../support/scheduleStage.ts';

/** How many random days; each has a department of its own inside one database. `CARE_RUNS=200` for a long look. */
const RUNS = Number(process.env['CARE_RUNS'] ?? 9);
/** About a second a day; the rest is for the slowest machine. */
const TIMEOUT_MS = 240_000 + RUNS * 10_000;

let district: CareDistrict;
let stage: ScheduleStage;

beforeAll(async () => {
  district = await CareDistrict.create({
    MAX_ACTIVE_BOOKINGS: '4',
    MAX_BOOKINGS_PER_DAY: '4',
    MAX_BOOKINGS_PER_SPECIALIST: '4',
    CHANGE_CUTOFF_SECONDS: '1',
  });
  stage = await ScheduleStage.open(district);
});
afterAll(() => district.close());

/** How often each command did something, how often each refusal was heard, how many answers were compared with a second. */
class Tally {
  readonly done = new Map<CommandKind, number>();
  readonly refused = new Map<string, number>();
  repeated = 0;

  add(sent: Sent): void {
    // Undefined, false and 0: there was nothing to do.
    if (sent.answer) this.done.set(sent.kind, (this.done.get(sent.kind) ?? 0) + 1);
    if (sent.repeated) this.repeated += 1;
  }

  /** Refusals are coded; a constraint or a deadlock that shows through is a bug. */
  refuse(reason: unknown): void {
    if (!(reason instanceof AppError) || reason.code === 'INTERNAL') throw reason;
    this.refused.set(reason.code, (this.refused.get(reason.code) ?? 0) + 1);
  }
}

async function playDay(world: World, steps: readonly (readonly Command[])[], tally: Tally): Promise<void> {
  const { db } = district.services;
  let states = await readStates(db);
  for (const step of steps) {
    const results = await Promise.allSettled(step.map((one) => sendCommand(world, one, step.length === 1)));
    for (const result of results) {
      if (result.status === 'rejected') {
        tally.refuse(result.reason);
        continue;
      }
      for (const sent of result.value) {
        tally.add(sent);
        expect(sent.silentlyOvertaken).toEqual([]);
      }
    }
    expect(await violations(db)).toEqual([]);
    const after = await readStates(db);
    expect(impossibleChanges(states, after)).toEqual([]);
    states = after;
  }
}

test(
  'whatever people and machines do in whatever order, the invariants hold after every step',
  async () => {
    const tally = new Tally();
    await fc.assert(
      fc.asyncProperty(day, async (steps) => playDay(await createWorld(district, stage), steps, tally)),
      { numRuns: RUNS, endOnFailure: true, examples: USUAL_DAYS.map((usual) => [usual]) },
    );
    if (process.env['CARE_RUNS'] !== undefined) console.info(tally);
    expect(COMMAND_KINDS.filter((kind) => !tally.done.has(kind))).toEqual([]);
    expect(tally.refused.size).toBeGreaterThan(3);
    expect(tally.repeated).toBeGreaterThan(3);
  },
  TIMEOUT_MS,
);
