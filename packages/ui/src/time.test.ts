import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  daysFromToday,
  formatCountdown,
  formatDay,
  formatDuration,
  formatTime,
  localDateOf,
  noonOf,
  ServerClock,
} from './time.ts';

describe('times', () => {
  it('are shown in Asia/Shanghai wherever the browser is', () => {
    expect(formatTime('2026-11-24T16:05:00Z', 'zh-CN')).toBe('00:05');
    expect(formatDay('2026-11-24T16:05:00Z', 'zh-CN')).toBe('11月25日');
    expect(formatDay('2026-11-24T16:05:00Z', 'en')).toBe('25 Nov');
    expect(localDateOf('2026-11-24T16:05:00Z')).toBe('2026-11-25');
  });

  it('are days apart by the calendar, not by 24 hours', () => {
    expect(daysFromToday('2026-11-25T00:10:00+08:00', '2026-11-24T23:50:00+08:00')).toBe(1);
    expect(daysFromToday('2026-11-24T23:50:00+08:00', '2026-11-24T00:10:00+08:00')).toBe(0);
  });

  it('keep a calendar day through noon and back', () => {
    fc.assert(
      fc.property(
        fc.date({ min: new Date('2000-01-01'), max: new Date('2099-12-31'), noInvalidDate: true }),
        (date) => {
          const day = date.toISOString().slice(0, 10);
          return localDateOf(noonOf(day)) === day;
        },
      ),
    );
  });

  it('are as long as people say', () => {
    expect(formatDuration(60, 'zh-CN')).toBe('1小时');
    expect(formatDuration(90, 'zh-CN')).toBe('90分钟');
    expect(formatDuration(120, 'en')).toBe('2 hours');
    expect(formatDuration(30, 'en')).toBe('30 minutes');
  });

  it('count down to zero and no further', () => {
    expect(formatCountdown(247_000)).toBe('4:07');
    expect(formatCountdown(500)).toBe('0:01');
    expect(formatCountdown(-1)).toBe('0:00');
  });
});

describe("the server's clock", () => {
  const header = (at: number) => new Date(Math.floor(at / 1000) * 1000).toUTCString();

  it('is found within a second from one answer, and closer from several', () => {
    const truth = 12_345; // the server is ahead by this many milliseconds
    const clock = new ServerClock();
    for (let sent = 1_000_000; sent < 1_020_000; sent += 1_337) {
      clock.observeHeader(header(sent + 40 + truth), sent, sent + 80);
    }
    expect(Math.abs(clock.offset - truth)).toBeLessThan(150);
  });

  it('believes the newest answer after a clock was set', () => {
    const clock = new ServerClock();
    clock.observeHeader(header(1_000_000), 1_000_000, 1_000_080);
    clock.observeHeader(header(9_000_000), 1_001_000, 1_001_080);
    expect(Math.abs(clock.offset - 7_999_000)).toBeLessThan(1_100);
  });

  it('ignores an answer without a date', () => {
    const clock = new ServerClock();
    clock.observeHeader(null, 0, 1);
    expect(clock.offset).toBe(0);
  });
});
