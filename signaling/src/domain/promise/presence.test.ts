import { describe, expect, test } from 'vitest';
import { presenceOf, type SeenSpecialist } from './presence.ts';

const at = (minute: number): Date => new Date(Date.UTC(2026, 10, 25, 1, minute));
const seen = (more: Partial<SeenSpecialist>): SeenSpecialist => ({
  availability: 'off',
  availabilityChangedAt: null,
  breakUntil: null,
  call: null,
  lastEndedAt: null,
  sessions: [],
  ...more,
});
const morning = { start: at(0), end: at(180) };

describe('a specialist’s state', () => {
  test('off without a session to come promises nothing', () => {
    expect(presenceOf(seen({}), at(10))).toBe('off');
    expect(presenceOf(seen({ sessions: [morning] }), at(200))).toBe('off');
  });

  test('before the session it promises from its begin, and five minutes into it nothing', () => {
    const before = seen({ sessions: [{ start: at(60), end: at(180) }] });
    expect(presenceOf(before, at(40))).toEqual({ kind: 'away', back: 20 });
    expect(presenceOf(before, at(63))).toEqual({ kind: 'away', back: 0 });
    expect(presenceOf(before, at(66))).toBe('late');
  });

  test('whoever was there and went is off, not late', () => {
    expect(presenceOf(seen({ sessions: [morning], availabilityChangedAt: at(90) }), at(95))).toBe('off');
  });

  test('a break counts until its end, and not when nobody knows it or it is long over', () => {
    const onBreak = (until: Date | null) => seen({ availability: 'break', breakUntil: until });
    expect(presenceOf(onBreak(at(30)), at(10))).toEqual({ kind: 'away', back: 20 });
    expect(presenceOf(onBreak(at(30)), at(35))).toEqual({ kind: 'away', back: 0 });
    expect(presenceOf(onBreak(at(30)), at(45))).toBe('break');
    expect(presenceOf(onBreak(null), at(10))).toBe('break');
  });

  test('a call counts from its answer', () => {
    const call = (answeredAt: Date | null) => seen({ availability: 'in-call', call: { answeredAt } });
    expect(presenceOf(call(null), at(10))).toEqual({ kind: 'ringing' });
    expect(presenceOf(call(at(4)), at(10))).toEqual({ kind: 'serving', elapsed: 6 });
  });
});
