import { identityCheckDigit } from '@cloud-hospital/protocol';
import { describe, expect, it } from 'vitest';
import { ageOn, cleanIdentity, groupIdentity, judgeIdentity } from './identityText.ts';

const withCheckDigit = (first17: string) => first17 + identityCheckDigit(first17);
const right = withCheckDigit('11010519491231002');

describe('cleanIdentity', () => {
  it('leaves out spaces and whatever else a scanner types, and takes a small x', () => {
    expect(cleanIdentity(' 110105 19491231 002x\n')).toBe('11010519491231002X');
  });

  it('takes an X only as the last character, and nothing after it', () => {
    expect(cleanIdentity('11X0105')).toBe('110105');
    expect(cleanIdentity('11010519491231002X99')).toBe('11010519491231002X');
  });
});

describe('judgeIdentity', () => {
  it('counts what is missing', () => {
    expect(judgeIdentity('110105')).toEqual({ state: 'incomplete', left: 12 });
  });

  it('says that the date is impossible as soon as it is typed', () => {
    expect(judgeIdentity('11010519491331')).toEqual({ state: 'wrong-date' });
  });

  it('reads birth date and gender from a right number and refuses one with a slipped digit', () => {
    expect(judgeIdentity(right)).toEqual({ state: 'right', birthDate: '1949-12-31', gender: 'female' });
    const slipped = right.replace('110105', '110106');
    expect(judgeIdentity(slipped)).toEqual({ state: 'wrong-check-digit' });
  });
});

describe('ageOn', () => {
  it('is one year less before the birthday', () => {
    expect(ageOn('2026-12-30', '1949-12-31')).toBe(76);
    expect(ageOn('2026-12-31', '1949-12-31')).toBe(77);
  });
});

describe('groupIdentity', () => {
  it('shows the number as it stands on the card', () => {
    expect(groupIdentity('11010519491231002X')).toBe('110105 19491231 002X');
    expect(groupIdentity('1101')).toBe('1101');
  });
});
