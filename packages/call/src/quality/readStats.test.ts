import { expect, test } from 'vitest';
import { readStats } from './readStats.ts';

const report = (kind: 'audio' | 'video', fractionLost: number) => ({ type: 'remote-inbound-rtp', kind, fractionLost });
const lossOf = (...sent: readonly ReturnType<typeof report>[]): number => readStats(0, sent, []).remoteFractionLost;

test('what another listener loses of our voice is no loss of our line while a picture shows what ours loses', () => {
  expect(lossOf(report('audio', 0.5), report('video', 0.01), report('video', 0.03))).toBe(0.03);
});

test('with a voice alone its report is all there is, and without any nothing is lost', () => {
  expect(lossOf(report('audio', 0.5))).toBe(0.5);
  expect(lossOf()).toBe(0);
});
