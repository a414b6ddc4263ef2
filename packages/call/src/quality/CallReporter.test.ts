import { AppError, EncounterId } from '@cloud-hospital/protocol';
import type { SocketRequestInput } from '@cloud-hospital/protocol/socket';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import type { CallQuality } from '../callState.types.ts';
import { CallReporter } from './CallReporter.ts';
import { toCallSample } from './callSample.ts';

const QUALITY: CallQuality = {
  level: 'good',
  mos: 4.2,
  roundTripMs: 60,
  jitterMs: 4,
  lossRate: 0.01,
  concealedRate: 0,
  sendKbps: 500,
  receiveKbps: 480,
  sendFps: 24,
  receiveFps: null,
  sendHeight: 720,
  receiveHeight: 360,
  freezes: 0,
  freezeMs: 0,
};
const reading = (patch: Partial<CallQuality> = {}): CallQuality => ({ ...QUALITY, ...patch });
const encounterId = EncounterId.parse(crypto.randomUUID());

beforeEach(() => vi.useFakeTimers({ now: 1_000_000 }));
afterEach(() => vi.useRealTimers());

test('a sample is the mean of its readings; freezes are those since the sample before, and never negative', () => {
  const readings = [
    reading({ mos: 4, freezes: 3 }),
    reading({ mos: null, freezes: 4, freezeMs: 900 }),
    reading({ mos: 3, freezes: 5, freezeMs: 900, receiveFps: 10 }),
  ];
  expect(toCallSample(readings, reading({ freezes: 3, freezeMs: 300 }), 0, 'stills')).toMatchObject({
    at: '1970-01-01T00:00:00.000Z',
    seconds: 3,
    mode: 'stills',
    mos: 3.5,
    receiveFps: 10,
    freezes: 2,
    freezeMs: 600,
  });
  expect(toCallSample([reading({ freezes: 1 })], reading({ freezes: 9 }), 0, 'video').freezes).toBe(1);
});

type Told = SocketRequestInput<'call:report'>;
function reporter(answers: (AppError | null)[]) {
  const told: Told[] = [];
  const request = async (_name: string, data: Told) => {
    told.push(data);
    const answer = answers.shift() ?? null;
    if (answer !== null) throw answer;
    return {};
  };
  // One request is all that the reporter knows of the socket.
  const signal = { request } as unknown as ConstructorParameters<typeof CallReporter>[0]['signal'];
  return { told, reporter: new CallReporter({ signal, encounterId, now: () => Date.now() + 500 }) };
}
const second = async (one: CallReporter) => {
  await vi.advanceTimersByTimeAsync(1_000);
  one.add(reading(), 'video');
};

test('what could not be told over a lost socket is told later, in the same words', async () => {
  const { told, reporter: one } = reporter([new AppError('UNAVAILABLE')]);
  one.addStep({ stage: 'signal-lost', at: Date.now(), sinceLossMs: 0, detail: 'not a code' });
  for (let round = 0; round < 20; round += 1) await second(one);
  expect(told).toHaveLength(2);
  expect(told[1]?.samples.length).toBeGreaterThan(told[0]?.samples.length ?? 0);
  expect(told[1]?.samples.slice(0, told[0]?.samples.length)).toEqual(told[0]?.samples);
  expect(told[1]?.steps).toEqual([
    { stage: 'signal-lost', at: new Date(1_000_500).toISOString(), sinceLossMs: 0, detail: null },
  ]);
  for (let round = 0; round < 10; round += 1) await second(one);
  expect(told[2]?.samples).toHaveLength(2);
  expect(told[2]?.steps).toEqual([]);
  one.close('video');
});

test('what the server refuses is not said for ever, and the end tells the rest once', async () => {
  const { told, reporter: one } = reporter([new AppError('NOT_FOUND')]);
  for (let round = 0; round < 10; round += 1) await second(one);
  await second(one);
  one.close('audio');
  one.close('audio');
  await vi.advanceTimersByTimeAsync(60_000);
  expect(told).toHaveLength(2);
  expect(told[1]?.samples.every(({ at }) => told[0]?.samples.every((sample) => sample.at < at))).toBe(true);
  expect(told[1]?.samples.at(-1)).toMatchObject({ seconds: 1, mode: 'audio' });
});
