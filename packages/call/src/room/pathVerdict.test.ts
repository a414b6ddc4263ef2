import fc from 'fast-check';
import { expect, test } from 'vitest';
import { NEW_PATH, type PathSample, pathVerdict } from './pathVerdict.ts';

const after = (samples: readonly PathSample[]): boolean => samples.reduce(pathVerdict, NEW_PATH).stalled;

test('pictures that are sent without any answer for half a second: the path is dead', () => {
  const sample = (at: number) => ({ at, packetsSent: at / 10, feedbackBytes: 500 });
  expect(after([0, 150, 300].map(sample))).toBe(false);
  expect(after([0, 150, 300, 450].map(sample))).toBe(true);
});

test('after a fifth of a second it is suspected, which an answer ends', () => {
  const suspects = (samples: readonly PathSample[]): boolean => samples.reduce(pathVerdict, NEW_PATH).suspect;
  const sample = (at: number) => ({ at, packetsSent: at / 10, feedbackBytes: 500 });
  expect(suspects([0, 100].map(sample))).toBe(false);
  expect(suspects([0, 100, 200].map(sample))).toBe(true);
  expect(suspects([...[0, 100, 200].map(sample), { at: 300, packetsSent: 30, feedbackBytes: 560 }])).toBe(false);
});

test('sound alone has its answers once a second: two and a half seconds of silence are needed', () => {
  const sample = (at: number) => ({ at, packetsSent: at / 400, feedbackBytes: 500 });
  expect(after([0, 450, 1_200, 2_400].map(sample))).toBe(false);
  expect(after([0, 450, 1_200, 2_600].map(sample))).toBe(true);
});

test('an answer ends it', () => {
  const dead = [0, 200, 500].map((at) => ({ at, packetsSent: at, feedbackBytes: 500 }));
  expect(after(dead)).toBe(true);
  expect(after([...dead, { at: 700, packetsSent: 700, feedbackBytes: 560 }])).toBe(false);
});

test('whoever sends nothing has no dead path, however long nothing comes back', () => {
  fc.assert(
    fc.property(fc.array(fc.nat(10_000)), (times) => {
      const samples = times.toSorted((a, b) => a - b).map((at) => ({ at, packetsSent: 7, feedbackBytes: 500 }));
      return !after(samples);
    }),
  );
});

test('a path that answers each time is never dead', () => {
  fc.assert(
    fc.property(fc.array(fc.nat(10_000)), (times) => {
      const samples = times
        .toSorted((a, b) => a - b)
        .map((at, index) => ({ at, packetsSent: at, feedbackBytes: index * 60 }));
      return !after(samples);
    }),
  );
});
