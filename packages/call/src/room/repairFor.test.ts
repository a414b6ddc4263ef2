import { AppError, ERROR_STATUS, ErrorCode } from '@cloud-hospital/protocol';
import { describe, expect, test } from 'vitest';
import { consequenceOf } from './repairFor.ts';

const codes = ErrorCode.options;
const moments = ['entering', 'restarting', 'media'] as const;

describe.each(moments)('while %s', (moment) => {
  test.each(['NOT_JOINED', 'STALE_EPOCH'] as const)('%s means joining again', (code) => {
    expect(consequenceOf(new AppError(code), moment)).toEqual({ repair: 'rejoin' });
  });

  test('every code of the protocol has a consequence', () => {
    expect(codes).toHaveLength(Object.keys(ERROR_STATUS).length);
    for (const code of codes) expect(consequenceOf(new AppError(code), moment)).toBeDefined();
  });
});

test('only joining and attaching can end a call; a failed media request never does', () => {
  for (const code of codes) {
    for (const moment of ['restarting', 'media'] as const) {
      expect(consequenceOf(new AppError(code), moment)).not.toHaveProperty('end');
    }
  }
  expect(consequenceOf(new AppError('ATTACHED_ELSEWHERE'), 'entering')).toEqual({ end: 'attached-elsewhere' });
  expect(consequenceOf(new AppError('NOT_FOUND'), 'entering')).toEqual({ end: 'removed' });
});

test.each(['TIMEOUT', 'UNAVAILABLE', 'MEDIA_UNAVAILABLE', 'RATE_LIMITED', 'INTERNAL'] as const)(
  'joining goes on after %s',
  (code) => {
    expect(consequenceOf(new AppError(code), 'entering')).toEqual({ repair: 'same' });
  },
);

test('a lost socket and a room that was parked meanwhile ask for nothing: their return brings everything', () => {
  expect(consequenceOf(new AppError('UNAVAILABLE'), 'media')).toBe('none');
  expect(consequenceOf(new AppError('PARKED'), 'media')).toBe('none');
});

test('a refusal of the browser’s own stack is not repaired in a loop', () => {
  expect(consequenceOf(new TypeError('codec'), 'media')).toBe('none');
});
