import { describe, expect, it } from 'vitest';
import { minutesLate } from './promise.ts';

const from = (start: string, end: string) => ({
  from: `2026-11-25T${start}:00+08:00`,
  to: `2026-11-25T${end}:00+08:00`,
});

describe('a promised time', () => {
  it('is kept while the end moves by less than ten minutes', () => {
    expect(minutesLate(from('10:35', '10:45'), from('10:38', '10:54'))).toBeNull();
    expect(minutesLate(from('10:35', '10:45'), from('10:20', '10:30'))).toBeNull();
  });

  it('is broken when the end moves by ten minutes or more, and says by how much', () => {
    expect(minutesLate(from('10:35', '10:45'), from('10:50', '11:05'))).toBe(20);
  });
});
