import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { expectedTimes, saidTime } from './expectedTimes.ts';
import { USUAL_HABITS } from './habits.ts';
import { paceOf } from './pace.ts';
import type { Person, QueueSituation, Server } from './situation.ts';

const usual = paceOf([], USUAL_HABITS.consultation);
const server = (state: Server['state'], id = 'specialist'): Server => ({ id, lines: ['line'], pace: usual, state });
const ready = (index: number, more: Partial<Person> = {}): Person => ({
  id: `person-${index}`,
  line: 'line',
  order: { class: 2, due: index },
  presence: { kind: 'ready' },
  start: null,
  terminal: `terminal-${index}`,
  ...more,
});
const booked = (index: number, start: number): Person =>
  ready(index, { order: { class: 2, due: start }, presence: { kind: 'booked' }, start });
const situation = (more: Partial<QueueSituation>): QueueSituation => ({
  servers: [server({ kind: 'free', idle: 60 })],
  people: [],
  others: [],
  habits: USUAL_HABITS,
  ...more,
});
function of(index: number, given: QueueSituation) {
  const expected = expectedTimes(given).get(`person-${index}`);
  if (expected === undefined || expected === null) throw new Error('nothing expected');
  return expected;
}
const line = (count: number) => Array.from({ length: count }, (_, index) => ready(index));

describe('an expected time', () => {
  test('is at once for the first while the specialist is free', () => {
    const first = of(0, situation({ people: line(1) }));
    expect(first.from).toBeLessThan(1);
    expect(first.to).toBeLessThan(3);
    expect(first.sureness).toBe('sure');
  });

  test('moves back and widens with every person ahead, and is never earlier than now', () => {
    fc.assert(
      fc.property(fc.integer({ min: 2, max: 14 }), fc.double({ min: 0, max: 40, noNaN: true }), (count, elapsed) => {
        const expected = expectedTimes(
          situation({ servers: [server({ kind: 'serving', elapsed })], people: line(count) }),
        );
        const times = [...expected.values()].flatMap((one) => one ?? []);
        return (
          times.length === count &&
          times.every((one, index) => {
            const before = times[index - 1];
            if (one.from < 0 || one.to <= one.from) return false;
            return (
              before === undefined || (one.middle > before.middle && one.from >= before.from && one.to > before.to)
            );
          }) &&
          (times.at(-1)?.to ?? 0) - (times.at(-1)?.from ?? 0) > (times[0]?.to ?? 0) - (times[0]?.from ?? 0)
        );
      }),
      { numRuns: 25 },
    );
  });

  test('is the same for the same situation', () => {
    const given = situation({ people: [...line(5), booked(9, 30)] });
    expect(expectedTimes(given)).toEqual(expectedTimes(given));
  });

  test('there is none without a specialist', () => {
    expect(expectedTimes(situation({ servers: [], people: line(1) })).get('person-0')).toBeNull();
  });

  test('lies behind the end of a break', () => {
    const first = of(0, situation({ servers: [server({ kind: 'away', back: 20 })], people: line(1) }));
    expect(first.from).toBeGreaterThanOrEqual(20);
    expect(first.to).toBeLessThan(26);
  });

  test('counts people who are booked before and not here yet', () => {
    const booking = [booked(1, 5), booked(2, 10)];
    const walkIn = ready(9, { order: { class: 2, due: 40 }, presence: { kind: 'preparing', since: 0 } });
    const servers = [server({ kind: 'serving', elapsed: 0 })];
    const alone = of(9, situation({ servers, people: [walkIn] })).middle;
    const behind = of(9, situation({ servers, people: [walkIn, ...booking] })).middle;
    expect(behind).toBeGreaterThan(alone + 8);
    expect(behind).toBeLessThan(alone + 30);
  });

  test('whoever is booked is not called before they are there', () => {
    const habits = { ...USUAL_HABITS, arrival: { location: -5, scale: 1 }, walkInsPerHour: 0, urgentPerHour: 0 };
    expect(of(1, situation({ people: [booked(1, 60)], habits })).from).toBeGreaterThan(54);
  });

  test('a specialist who works by the clock calls nobody before their time', () => {
    const given = ready(1, { start: 30, order: { class: 2, due: 30 } });
    expect(of(1, situation({ people: [given] })).from).toBeLessThan(2);
    expect(of(1, situation({ people: [given], habits: { ...USUAL_HABITS, earliestCall: -3 } })).from).toBe(27);
  });

  test('two specialists of one line halve the way to the tenth', () => {
    const people = line(10);
    const both = [server({ kind: 'serving', elapsed: 3 }, 'a'), server({ kind: 'serving', elapsed: 6 }, 'b')];
    const one = of(9, situation({ servers: both.slice(0, 1), people })).middle;
    const two = of(9, situation({ servers: both, people })).middle;
    expect(two / one).toBeGreaterThan(0.4);
    expect(two / one).toBeLessThan(0.62);
  });

  test('a specialist takes nobody out of a line that isn’t theirs', () => {
    const people = [ready(1), ready(2, { line: 'elsewhere' })];
    expect(expectedTimes(situation({ people })).get('person-2')).toBeNull();
  });

  test('whose terminal is taken waits for it, and the next one goes first', () => {
    const people = [ready(1, { terminal: 'shared' }), ready(2)];
    const others = [{ id: 'other', terminal: 'shared', when: { kind: 'serving' as const, elapsed: 1 } }];
    const given = situation({ people, others });
    expect(of(2, given).middle).toBeLessThan(of(1, given).middle);
    expect(of(1, given).middle).toBeGreaterThan(8);
  });

  test('is said in whole minutes outwards, in steps of five when far away', () => {
    const now = new Date('2026-11-25T02:00:30Z');
    const told = (from: number, to: number) => {
      const said = saidTime({ from, to, middle: (from + to) / 2, sureness: 'sure' }, now);
      return [said.from.toISOString().slice(11, 16), said.to.toISOString().slice(11, 16)];
    };
    expect(told(10.2, 17.1)).toEqual(['02:10', '02:18']);
    expect(told(61, 72)).toEqual(['03:00', '03:15']);
    expect(told(0, 2)).toEqual(['02:00', '02:03']);
  });
});
