import { expect, test } from 'vitest';
import { type DownlinkSample, isStarved } from './starvedDownlink.ts';

const BEFORE: DownlinkSample = { bytesReceived: 1_000, rtpBytesSent: 100_000, packetLoss: 0.25 };
const after = (change: Partial<DownlinkSample>): DownlinkSample => ({
  bytesReceived: 3_000,
  rtpBytesSent: 180_000,
  packetLoss: 0.25,
  ...change,
});

test('pictures are sent, the peer is alive, and what it has lost never changes: none arrives', () => {
  expect(isStarved(BEFORE, after({}))).toBe(true);
});

test.each([
  ['feedback comes, however bad', { packetLoss: 0.4 }],
  ['the line is dead: there is nothing to learn', { bytesReceived: BEFORE.bytesReceived }],
  ['only voices are sent, which bring no feedback', { rtpBytesSent: BEFORE.rtpBytesSent + 10_000 }],
])('%s', (_, change) => {
  expect(isStarved(BEFORE, after(change))).toBe(false);
});

test.each([0, 0.05])('a line that hardly loses anything says nothing by staying so', (packetLoss) => {
  expect(isStarved({ ...BEFORE, packetLoss }, after({ packetLoss }))).toBe(false);
});
