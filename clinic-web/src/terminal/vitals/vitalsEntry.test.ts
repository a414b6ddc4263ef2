import { describe, expect, it } from 'vitest';
import { isHopeless, judgeVital, pairProblem, vitalsToStore } from './vitalsEntry.ts';

describe('judgeVital', () => {
  it('tells usual, unusual and impossible values apart', () => {
    expect(judgeVital('heart-rate', '72')).toEqual({ state: 'usual', value: 72 });
    expect(judgeVital('heart-rate', '120')).toEqual({ state: 'unusual', value: 120 });
    expect(judgeVital('heart-rate', '720')).toEqual({ state: 'implausible' });
    expect(judgeVital('heart-rate', '')).toEqual({ state: 'empty' });
  });

  it('takes one decimal where the vital has decimals, and none elsewhere', () => {
    expect(judgeVital('temperature', '36.6')).toEqual({ state: 'usual', value: 36.6 });
    expect(judgeVital('temperature', '37.')).toEqual({ state: 'usual', value: 37 });
    expect(judgeVital('temperature', '36.65').state).toBe('implausible');
    expect(judgeVital('systolic', '120.5').state).toBe('implausible');
  });

  it('calls nothing unusual that has no usual range', () => {
    expect(judgeVital('weight', '112')).toEqual({ state: 'usual', value: 112 });
  });

  it('knows while typing when a number can only get worse', () => {
    expect(isHopeless('systolic', '1')).toBe(false);
    expect(isHopeless('systolic', '301')).toBe(true);
  });
});

describe('vitalsToStore', () => {
  it('holds blood pressure to be a pair with the upper value above the lower', () => {
    expect(pairProblem({})).toBeNull();
    expect(pairProblem({ systolic: '120' })).toBe('pairMissing');
    expect(pairProblem({ systolic: '80', diastolic: '120' })).toBe('pairOrder');
    expect(vitalsToStore({ systolic: '80', diastolic: '120' })).toBeNull();
  });

  it('stores what was measured and leaves the rest out', () => {
    expect(vitalsToStore({ systolic: '152', diastolic: '95', temperature: '36.6' })).toEqual([
      { code: 'systolic', value: 152 },
      { code: 'diastolic', value: 95 },
      { code: 'temperature', value: 36.6 },
    ]);
    expect(vitalsToStore({})).toEqual([]);
  });

  it('stores nothing while one value is impossible', () => {
    expect(vitalsToStore({ 'heart-rate': '72', temperature: '3' })).toBeNull();
  });
});
