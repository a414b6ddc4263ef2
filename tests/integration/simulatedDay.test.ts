import { afterAll, beforeAll, describe, expect, inject, test } from 'vitest';
import { playDay, type PlayedDay } from '../simulation/playDay.ts';
import { createTestRedis } from '../support/testDatabase.ts';

/** A district small enough for every run of the tests; the whole one is `npm run bench -- --day`. */
const SMALL = { seed: 7, clinics: 6, specialists: 4, appointments: 32, walkIns: 20 };

let day: PlayedDay;
beforeAll(async () => {
  day = await playDay({ servers: inject('servers'), redis: await createTestRedis(), replicas: 1, scenario: SMALL });
}, 120_000);
afterAll(() => {
  if (process.env['SHOW_DAY'] !== undefined) console.log(JSON.stringify(day, null, 1));
});

describe('a simulated day of a small district', () => {
  test('wrongs nobody: none lost, served twice, silently overtaken, reminded of what was cancelled', () => {
    const nothing = Object.fromEntries(Object.keys(day.wrongs).map((wrong) => [wrong, []]));
    expect(day.wrongs).toEqual(nothing);
  });
});
