import { describe, expect, test } from 'vitest';
import { type Made, nextStep } from './nextStep.ts';

const at = (minute: number): Date => new Date(Date.UTC(2026, 10, 25, 1, minute));
const expected = (from: number, to: number) => ({ from: at(from), to: at(to) });
const made = (more: Partial<Made> = {}): Made => ({
  kind: 'first',
  madeAt: at(0),
  from: at(20),
  to: at(30),
  broken: false,
  ...more,
});

describe('a promise', () => {
  test('is made as soon as there is something to promise', () => {
    expect(nextStep(null, null, at(0))).toEqual({ break: false, make: null });
    expect(nextStep(null, expected(10, 20), at(0))).toEqual({ break: false, make: 'first' });
  });

  test('holds while the time moves by ten minutes at most', () => {
    expect(nextStep(made(), expected(28, 40), at(10))).toEqual({ break: false, make: null });
    expect(nextStep(made(), null, at(10))).toEqual({ break: false, make: null });
  });

  test('breaks when the time moves by more, and a new one takes its place', () => {
    expect(nextStep(made(), expected(30, 41), at(10))).toEqual({ break: true, make: 'renewed' });
  });

  test('breaks when its end passes, with or without a new time', () => {
    expect(nextStep(made(), expected(30, 32), at(31))).toEqual({ break: false, make: null });
    expect(nextStep(made(), expected(32, 34), at(32))).toEqual({ break: true, make: 'renewed' });
    expect(nextStep(made(), null, at(32))).toEqual({ break: true, make: null });
  });

  test('that broke without a new time is followed by one later, and breaks once', () => {
    expect(nextStep(made({ broken: true }), null, at(50))).toEqual({ break: false, make: null });
    expect(nextStep(made({ broken: true }), expected(55, 60), at(50))).toEqual({ break: false, make: 'renewed' });
  });

  test('of a far time is made again one hour ahead', () => {
    const far = made({ from: at(90), to: at(105) });
    expect(nextStep(far, expected(90, 105), at(20))).toEqual({ break: false, make: null });
    expect(nextStep(far, expected(90, 105), at(30))).toEqual({ break: false, make: 'hour-ahead' });
    expect(nextStep({ ...far, kind: 'hour-ahead' }, expected(90, 105), at(40))).toEqual({ break: false, make: null });
  });
});
