import { describe, expect, it } from 'vitest';
import { INITIAL_PACE, nextPace, type Pace } from './pace.ts';

/** Sends over a line of so many bit/s and so much delay. @returns the paces, and how long each part took to send */
function send(bitsPerSecond: number, roundTripMs: number, times = 40): { pace: Pace; sendingMs: number }[] {
  let pace = INITIAL_PACE;
  return Array.from({ length: times }, () => {
    const sendingMs = (pace.chunkBytes * 8 * 1_000) / bitsPerSecond;
    pace = nextPace(pace, { bytes: pace.chunkBytes, tookMs: roundTripMs + sendingMs });
    return { pace, sendingMs };
  });
}

describe('the pace of an upload beside a call', () => {
  it('leaves a weak line free for at least half of the time, in short pieces', () => {
    for (const rate of [100_000, 150_000, 500_000]) {
      // A request without content showed the way there and back.
      let pace = nextPace(INITIAL_PACE, { bytes: 0, tookMs: 60 });
      for (let part = 0; part < 40; part += 1) {
        const sendingMs = (pace.chunkBytes * 8 * 1_000) / rate;
        pace = nextPace(pace, { bytes: pace.chunkBytes, tookMs: 60 + sendingMs });
        if (part > 5) {
          expect([rate, sendingMs <= 500]).toEqual([rate, true]);
          expect([rate, pace.pauseMs >= sendingMs || sendingMs <= 80]).toEqual([rate, true]);
        }
      }
    }
  });

  it('takes what a good line gives, however far away the server is', () => {
    for (const roundTripMs of [2, 300]) {
      const last = send(100_000_000, roundTripMs).at(-1);
      expect(last?.pace).toMatchObject({ chunkBytes: 1024 * 1024, pauseMs: expect.any(Number) });
    }
  });

  it('becomes small again when the line becomes weak', () => {
    const good: Pace = { chunkBytes: 1024 * 1024, pauseMs: 0, roundTripMs: 5 };
    let pace = good;
    for (let part = 0; part < 12; part += 1) {
      pace = nextPace(pace, { bytes: pace.chunkBytes, tookMs: 5 + (pace.chunkBytes * 8 * 1_000) / 100_000 });
    }
    expect(pace.chunkBytes).toBeLessThanOrEqual(4 * 1024);
  });
});
