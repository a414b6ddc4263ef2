import { expect, test } from 'vitest';
import { callQuality, steadyQuality } from './callQuality.ts';
import { layerForTile } from './layerForTile.ts';
import { readStats } from './readStats.ts';

const pair = { type: 'candidate-pair', nominated: true, currentRoundTripTime: 0.06, availableOutgoingBitrate: 700_000 };
const sent = (n: number) => [
  { ...pair, bytesReceived: 500 * n },
  { type: 'candidate-pair', nominated: false, currentRoundTripTime: 9 },
  { type: 'outbound-rtp', kind: 'audio', bytesSent: 4_000 * n, packetsSent: 50 * n },
  { type: 'outbound-rtp', kind: 'video', rid: 'r0', bytesSent: 15_000 * n, packetsSent: 20 * n, framesEncoded: 24 * n },
  { type: 'outbound-rtp', kind: 'video', rid: 'r2', bytesSent: 0, packetsSent: 0, framesEncoded: 0, active: false },
  { type: 'remote-inbound-rtp', kind: 'audio', fractionLost: 0.02 },
];
const received = (n: number, lostPerSecond: number) => [
  { ...pair, bytesReceived: 60_000 * n },
  {
    type: 'inbound-rtp',
    kind: 'audio',
    packetsReceived: 50 * n,
    packetsLost: lostPerSecond * n,
    jitter: 0.004,
    concealedSamples: 4_800 * n,
    silentConcealedSamples: 2_400 * n,
    totalSamplesReceived: 48_000 * n,
    jitterBufferDelay: 2_880 * n,
    jitterBufferEmittedCount: 48_000 * n,
  },
  {
    type: 'inbound-rtp',
    kind: 'video',
    packetsReceived: 100 * n,
    packetsLost: 0,
    framesDecoded: 22 * n,
    freezeCount: 1,
    totalFreezesDuration: 0.5,
  },
];
const reading = (n: number, lostPerSecond = 0) => readStats(n * 1_000, sent(n), received(n, lostPerSecond));

test('counters become rates of the last second', () => {
  const quality = callQuality(reading(3), reading(4));
  expect(quality).toMatchObject({
    sendFps: 24,
    receiveFps: 22,
    roundTripMs: 60,
    jitterMs: 4,
    freezes: 1,
    freezeMs: 500,
  });
  expect(quality.sendKbps).toBeCloseTo(152);
  expect(quality.receiveKbps).toBeCloseTo(480);
});

test('loss is the worse of both directions', () => {
  expect(callQuality(reading(3), reading(4)).lossRate).toBeCloseTo(0.02);
  expect(callQuality(reading(3, 50), reading(4, 50)).lossRate).toBeCloseTo(0.25);
});

test('concealment of silence is not heard, and not counted', () => {
  expect(callQuality(reading(3), reading(4)).concealedRate).toBeCloseTo(0.05);
});

test('MOS follows from delay (path, jitter buffer, devices) and concealment', () => {
  // d = 60 + 60 + 65 = 185 ms, 5 % concealed: R = 93.2 − 4.44 − 0.85 − 31.67 = 56.2.
  expect(callQuality(reading(3), reading(4)).mos).toBeCloseTo(2.9, 1);
});

test('new transports start counting from nothing without negative rates', () => {
  const quality = callQuality(reading(100), reading(101 - 100));
  expect(Object.values(quality).every((value) => typeof value !== 'number' || value >= 0)).toBe(true);
});

test('without anything measured the level is unknown, not good', () => {
  const empty = readStats(0, [], []);
  expect(callQuality(empty, { ...empty, at: 1_000 })).toMatchObject({ level: 'unknown', mos: null, sendFps: null });
});

test('one bad second among good ones doesn’t change the word', () => {
  const good = { ...callQuality(reading(3), reading(4)), mos: 4.3, lossRate: 0, roundTripMs: 40 };
  const bad = { ...good, mos: 2 };
  expect(steadyQuality([good, good, bad, good], good)).toMatchObject({ level: 'good', mos: expect.closeTo(3.84) });
  expect(steadyQuality([good, bad, bad], bad).level).toBe('poor');
});

test('a tile gets the layer that fills it', () => {
  expect([120, 240, 241, 480, 481, 1_080].map(layerForTile)).toEqual([0, 0, 1, 1, 2, 2]);
});
