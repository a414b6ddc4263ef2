import { describe, expect, it } from 'vitest';
import { randomUuid } from './randomUuid.ts';

describe('randomUuid', () => {
  it('makes version 4 ids that differ from one another', () => {
    const made = Array.from({ length: 200 }, randomUuid);
    for (const id of made) expect(id).toMatch(/^[\da-f]{8}-[\da-f]{4}-4[\da-f]{3}-[89ab][\da-f]{3}-[\da-f]{12}$/);
    expect(new Set(made).size).toBe(made.length);
  });
});
