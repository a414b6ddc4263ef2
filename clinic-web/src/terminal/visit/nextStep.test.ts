import { WorklistStatus } from '@cloud-hospital/protocol/rest';
import { describe, expect, it } from 'vitest';
import { nextStep, STEPS, stepsDone } from './nextStep.ts';

const nothing = { consent: false, vitals: false, ready: false, terminalOnline: true, byPhone: false };

describe('nextStep', () => {
  it('leads from check-in over consent and measuring to being ready', () => {
    const next = (readiness: Partial<typeof nothing>) =>
      nextStep({ status: 'waiting', readiness: { ...nothing, ...readiness }, vitalsSkipped: false });
    expect(nextStep({ status: 'booked', readiness: nothing, vitalsSkipped: false })).toBe('check-in');
    expect(next({})).toBe('consent');
    expect(next({ consent: true })).toBe('vitals');
    expect(next({ consent: true, vitals: true })).toBe('ready');
    expect(next({ consent: true, vitals: true, ready: true })).toBe('wait');
  });

  it('asks for consent again when it was withdrawn while waiting', () => {
    expect(
      nextStep({ status: 'waiting', readiness: { ...nothing, vitals: true, ready: true }, vitalsSkipped: false }),
    ).toBe('consent');
  });

  it('goes on without measuring when staff say so, and when the person is already seated', () => {
    const readiness = { ...nothing, consent: true };
    expect(nextStep({ status: 'checked-in', readiness, vitalsSkipped: true })).toBe('ready');
    expect(nextStep({ status: 'waiting', readiness: { ...readiness, ready: true }, vitalsSkipped: false })).toBe(
      'wait',
    );
  });

  it('waits for the next call after one that was interrupted', () => {
    const readiness = { ...nothing, consent: true };
    const next = (ready: boolean) =>
      nextStep({ status: 'onleave', readiness: { ...readiness, ready }, vitalsSkipped: false });
    expect(next(true)).toBe('wait');
    expect(next(false)).toBe('ready');
  });

  it('knows something to do or to say for every status of the list', () => {
    for (const status of WorklistStatus.options) {
      const next = nextStep({ status, readiness: nothing, vitalsSkipped: false });
      expect(next).toBeTypeOf('string');
      expect(stepsDone(next)).toBeLessThanOrEqual(STEPS.length);
    }
  });
});
