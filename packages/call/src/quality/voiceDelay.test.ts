import { expect, test } from 'vitest';
import { VOICE_DELAY_INITIAL, voiceDelay, type VoiceDelayState } from './voiceDelay.ts';

/** One sample a second. @returns the targets as they change */
function targets(rates: readonly number[], roundTripMs: number | null = 60): (number | null)[] {
  let state: VoiceDelayState = VOICE_DELAY_INITIAL;
  const seen: (number | null)[] = [state.targetMs];
  for (const [second, concealedRate] of rates.entries()) {
    state = voiceDelay(state, { at: second * 1_000, concealedRate, roundTripMs });
    if (state.targetMs !== seen.at(-1)) seen.push(state.targetMs);
  }
  return seen;
}
const repeat = (rate: number, seconds: number): number[] => Array.from({ length: seconds }, () => rate);

test('a whole voice waits no longer than the browser thinks best', () => {
  expect(targets(repeat(0.005, 120))).toEqual([null]);
});

test('a voice that breaks waits for what is sent again, then for what is sent a second time, and no longer', () => {
  expect(targets(repeat(0.05, 120))).toEqual([null, 110, 220]);
  expect(targets(repeat(0.05, 120), 200)).toEqual([null, 250, 400]);
  expect(targets(repeat(0.05, 120), 500)).toEqual([null, 400]);
  expect(targets(repeat(0.05, 3), null)).toEqual([null, 250]);
});

test('a line that has lost nothing for half a minute is trusted again', () => {
  expect(targets([...repeat(0.05, 3), ...repeat(0, 29)])).toEqual([null, 110]);
  expect(targets([...repeat(0.05, 3), ...repeat(0, 40)])).toEqual([null, 110, null]);
});
