import { expect, test } from 'vitest';
import { medianMos } from './callQuality.ts';
import { presenceIntervals, summarisePresence } from './presence.ts';

test('the median weighs each sample by the time it spans', () => {
  expect(medianMos([])).toBeNull();
  expect(medianMos([{ mos: null, seconds: 60 }])).toBeNull();
  expect(
    medianMos([
      { mos: 4.4, seconds: 5 },
      { mos: 1.2, seconds: 5 },
      { mos: 4.2, seconds: 5 },
    ]),
  ).toBe(4.2);
  // A minute put together counts more than two samples of a few seconds.
  expect(
    medianMos([
      { mos: 2, seconds: 60 },
      { mos: 4.4, seconds: 5 },
      { mos: 4.4, seconds: 5 },
    ]),
  ).toBe(2);
});

const event = (kind: string, second: number) => ({ participantId: 'p', kind, at: new Date(second * 1_000) });
const at = (second: number): string => new Date(second * 1_000).toISOString();

test('who was in the room when: a new socket is no new presence, and what is left open ends with the visit', () => {
  const events = [
    event('joined', 0),
    event('connected', 1),
    event('attached', 10),
    event('disconnected', 20),
    event('connected', 25),
    event('left', 30),
    event('closed', 31),
    event('joined', 40),
  ];
  expect(presenceIntervals(events, null)).toEqual([
    { from: at(0), to: at(20) },
    { from: at(25), to: at(30) },
    { from: at(40), to: null },
  ]);
  expect(presenceIntervals(events, new Date(50_000)).at(-1)).toEqual({ from: at(40), to: at(50) });
});

test('the signed report names both ends, and guests only if they came', () => {
  const staff = { role: 'specialist', guest: null, name: '李医生' };
  const summary = summarisePresence(
    [
      { id: 'p', ...staff },
      { id: 'q', role: 'terminal', guest: null, name: '社区诊室' },
      { id: 'r', role: 'guest', guest: 'family', name: '陈女士' },
    ],
    [event('joined', 0), event('left', 30)],
    new Date(60_000),
  );
  expect(summary).toEqual([
    { ...staff, intervals: [{ from: at(0), to: at(30) }] },
    { role: 'terminal', guest: null, name: '社区诊室', intervals: [] },
  ]);
});
