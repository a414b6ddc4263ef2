import { describe, expect, it } from 'vitest';
import { CODE_ALPHABET, formatCode, isCompleteCode } from './enrolmentCode.ts';

describe('formatCode', () => {
  it('groups what is typed as XXXX-XXXX and takes small letters', () => {
    expect(formatCode('ab')).toBe('AB');
    expect(formatCode('abcd')).toBe('ABCD');
    expect(formatCode('abcd2')).toBe('ABCD-2');
    expect(formatCode('abcd-2345')).toBe('ABCD-2345');
  });

  it('leaves out characters that no code has, and everything after the eighth', () => {
    expect(formatCode('a0b1 cIdO')).toBe('ABCD');
    expect(formatCode('ABCDEFGHJK')).toBe('ABCD-EFGH');
  });

  it('knows when a code is complete', () => {
    expect(isCompleteCode(formatCode('ABCD-234'))).toBe(false);
    expect(isCompleteCode(formatCode('ABCD-2345'))).toBe(true);
  });

  it('has 32 characters to choose from', () => {
    expect(new Set(CODE_ALPHABET).size).toBe(32);
  });
});
