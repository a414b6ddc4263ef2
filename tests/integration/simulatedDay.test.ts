import { DistrictStatistics } from '@cloud-hospital/protocol/rest';
import { beforeAll, describe, expect, inject, test } from 'vitest';
import { DEMO_ACCOUNTS, DEMO_PASSWORD } from '../../signaling/src/seed/demoAccounts.ts';
import { playDay, type PlayedDay } from '../simulation/playDay.ts';
import { createTestRedis } from '../support/testDatabase.ts';
import { signInStaff } from '../support/WebClient.ts';

/** A district small enough for every run of the tests; the whole one is `npm run bench -- --day`. */
const SMALL = { seed: 89, clinics: 6, specialists: 4, appointments: 32, walkIns: 20 };

let day: PlayedDay;
let statistics: DistrictStatistics;
let refusedToNurse: string | undefined;
beforeAll(async () => {
  day = await playDay({
    servers: inject('servers'),
    redis: await createTestRedis(),
    replicas: 1,
    scenario: SMALL,
    afterwards: async ({ urls: [url = ''] }, { date }) => {
      const { username } = DEMO_ACCOUNTS.administrator;
      const administrator = await signInStaff(url, 'console', username, DEMO_PASSWORD);
      statistics = (await administrator.get(`/district/statistics?date=${date}`)).read(DistrictStatistics);
      const nurse = await signInStaff(url, 'terminal', DEMO_ACCOUNTS.nurse.username, DEMO_PASSWORD);
      refusedToNurse = (await nurse.get(`/district/statistics?date=${date}`)).code;
    },
  });
}, 240_000);

describe('a simulated day of a small district', () => {
  test('wrongs nobody: none lost, served twice, silently overtaken, forgotten, reminded of what was cancelled', () => {
    const nothing = Object.fromEntries(Object.keys(day.wrongs).map((wrong) => [wrong, []]));
    expect(day.wrongs).toEqual(nothing);
  });

  test('is a day with all that days bring', () => {
    const { figures } = day;
    expect(figures.people).toBe(SMALL.appointments + SMALL.walkIns);
    expect(figures.consultations).toBeGreaterThan(figures.people * 0.7);
    expect(figures.fates.cancelled).toBeGreaterThan(0);
    expect(figures.fates['stayed-away']).toBeGreaterThan(0);
    expect(figures.handedOver).toBeGreaterThan(0);
    expect(figures.overtaken).toBeGreaterThan(0);
    expect(figures.remindersSent).toBeGreaterThan(figures.people);
    expect(figures.promises.quarter.samples).toBeGreaterThan(0);
  });
});

describe('the statistics of that day', () => {
  test('count what happened, the same in whole and in parts', () => {
    const sum = (parts: readonly { consultations: number }[]): number =>
      parts.reduce((total, { consultations }) => total + consultations, 0);
    expect(statistics.day.consultations).toBe(day.figures.consultations);
    expect(statistics.day.medianWaitMinutes).toBeCloseTo(day.figures.waitMinutes.p50, 0);
    expect(statistics.clinics).toHaveLength(93);
    for (const parts of [statistics.clinics, statistics.hospitals, statistics.departments, statistics.hours]) {
      expect(sum(parts)).toBe(day.figures.consultations);
    }
    expect(statistics.waits.reduce((total, count) => total + count, 0)).toBe(day.figures.consultations);
    expect(statistics.day.noShows).toBeGreaterThanOrEqual(day.figures.fates['stayed-away'] ?? 0);
    expect(statistics.clinics.reduce((total, { noShows }) => total + noShows, 0)).toBe(statistics.day.noShows);
  });

  test('show the queue empty at both ends of the day and not in between', () => {
    const waiting = statistics.queue.map((point) => point.waiting);
    expect(statistics.queue).toHaveLength(96);
    expect(Math.max(...waiting)).toBeGreaterThan(0);
    expect([waiting[0], waiting.at(-1)]).toEqual([0, 0]);
  });

  test('are for the district’s administrator alone', () => {
    expect(refusedToNurse).toBe('FORBIDDEN');
  });
});
