import { expect, test } from 'vitest';
import { layOutRecording } from './recordingTimeline.ts';

const at = (seconds: number): Date => new Date(Date.UTC(2026, 10, 26, 9) + seconds * 1_000);
const part = (recordingId: string, from: number, to: number) => ({
  recordingId,
  startedAt: at(from),
  stoppedAt: at(to),
});
const segment = (recordingId: string, participantId: string, from: number, to: number) => ({
  recordingId,
  participantId,
  firstAt: at(from),
  lastAt: at(to),
});

test('parts lie one behind the other, and what nobody told of is found', () => {
  const timeline = layOutRecording(
    [part('b', 100, 120), part('a', 0, 60)],
    [segment('a', 'x', 0, 20), segment('a', 'x', 30, 60), segment('a', 'y', 5, 60), segment('b', 'x', 100, 120)],
    [],
  );
  expect(timeline.durationMs).toBe(80_000);
  expect(timeline.parts.map(({ recordingId, fromMs, toMs }) => [recordingId, fromMs, toMs])).toEqual([
    ['a', 0, 60_000],
    ['b', 60_000, 80_000],
  ]);
  expect(timeline.gaps.map(({ participantId, reason, fromMs, toMs }) => [participantId, reason, fromMs, toMs])).toEqual(
    [['x', 'no-media', 20_000, 30_000]],
  );
});

test('a gap that was told of is listed once, with its reason, and kept inside its part', () => {
  const told = {
    recordingId: 'a',
    participantId: 'x',
    reason: 'storage-full',
    beganAt: at(20),
    endedAt: null,
  } as const;
  const { gaps } = layOutRecording([part('a', 0, 60)], [segment('a', 'x', 0, 20), segment('a', 'x', 30, 60)], [told]);
  expect(gaps.map(({ reason, fromMs, toMs }) => [reason, fromMs, toMs])).toEqual([['storage-full', 20_000, 60_000]]);
});

test('a part of which nothing is there is missing as a whole', () => {
  const { gaps } = layOutRecording([part('a', 0, 60)], [], []);
  expect(gaps).toMatchObject([{ participantId: null, reason: 'unknown', fromMs: 0, toMs: 60_000 }]);
});

test('what was told of names the reason of what is missing around it', () => {
  const moved = {
    recordingId: 'a',
    participantId: null,
    reason: 'room-moved',
    beganAt: at(24),
    endedAt: at(24),
  } as const;
  const { gaps } = layOutRecording([part('a', 0, 60)], [segment('a', 'x', 0, 20), segment('a', 'x', 30, 60)], [moved]);
  expect(gaps.map(({ reason, fromMs, toMs }) => [reason, fromMs, toMs])).toEqual([['room-moved', 20_000, 30_000]]);
});
