import { expect, test } from 'vitest';
import { lineCounters, lineFault, lineFigures } from './lineFigures.ts';

const pair = { type: 'candidate-pair', nominated: true, currentRoundTripTime: 0.05 };
const reading = (second: number, lost = 0) =>
  lineCounters(
    second * 1_000,
    [
      pair,
      { type: 'outbound-rtp', bytesSent: 70_000 * second, headerBytesSent: 5_000 * second },
      { type: 'remote-inbound-rtp', fractionLost: 0.02 },
    ],
    [
      { ...pair, currentRoundTripTime: 0.3 },
      { type: 'inbound-rtp', bytesReceived: 60_000 * second, packetsReceived: 90 * second, packetsLost: lost * second },
    ],
  );

test('counters become rates, loss is the worse of both directions, the round trip the shortest seen', () => {
  expect(lineFigures(reading(2), reading(5))).toEqual({ roundTripMs: 50, lossRate: 0.02, upKbps: 600, downKbps: 480 });
  expect(lineFigures(reading(2, 10), reading(5, 10)).lossRate).toBe(0.1);
});

test('the stream that mediasoup probes with counts beside the picture, wherever it stands', () => {
  const probe = { type: 'inbound-rtp', bytesReceived: 2_500, packetsReceived: 10 };
  const picture = { type: 'inbound-rtp', bytesReceived: 60_000, packetsReceived: 90 };
  const before = lineCounters(0, [], []);
  expect(lineFigures(before, lineCounters(1_000, [], [probe, picture])).downKbps).toBe(500);
});

test('nothing received is no division by nothing', () => {
  const nothing = lineCounters(0, [], []);
  expect(lineFigures(nothing, { ...nothing, at: 1_000 })).toEqual({
    roundTripMs: 0,
    lossRate: 0,
    upKbps: 0,
    downKbps: 0,
  });
});

test('what is too narrow for moving pictures is said before what is lossy, and that before what is slow', () => {
  const good = { roundTripMs: 60, lossRate: 0.01, upKbps: 900, downKbps: 900 };
  expect(lineFault(good)).toBeNull();
  expect(lineFault({ ...good, downKbps: 150, lossRate: 0.3 })).toBe('narrow');
  expect(lineFault({ ...good, lossRate: 0.3, roundTripMs: 2_000 })).toBe('lossy');
  expect(lineFault({ ...good, roundTripMs: 900 })).toBe('slow');
});
