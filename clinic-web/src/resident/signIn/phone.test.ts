import { Phone } from '@cloud-hospital/protocol';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { digitsOfPhone, groupPhone, isPhone } from './phone.ts';

describe('a typed phone number', () => {
  it('is understood with the country code, spaces and dashes people paste', () => {
    expect(digitsOfPhone('+86 138-1234-5678')).toBe('13812345678');
    expect(digitsOfPhone('138 1234 5678')).toBe('13812345678');
    expect(digitsOfPhone('138123456789')).toBe('13812345678');
  });

  it('is shown in groups of three, four and four while it grows', () => {
    expect(['1', '138', '1381', '1381234', '13812345678'].map(groupPhone)).toEqual([
      '1',
      '138',
      '138 1',
      '138 1234',
      '138 1234 5678',
    ]);
  });

  it('passes exactly when the protocol accepts it', () => {
    fc.assert(
      fc.property(fc.stringMatching(/^[01]?\d{9,11}$/), (text) => isPhone(text) === Phone.safeParse(text).success),
    );
  });
});
