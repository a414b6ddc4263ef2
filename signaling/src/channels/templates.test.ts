import { expect, test } from 'vitest';
import { compose, composeFor, isMessageKind, kindFor, placeholdersOf } from './templates.ts';

test('a message is composed in Chinese unless another language is asked for', () => {
  const params = { code: '012345', minutes: '10' };
  expect(compose('login-code', params)).toBe('【云医院】您的登录验证码是 012345，10 分钟内有效。请勿告诉他人。');
  expect(compose('login-code', params, 'en')).toContain('012345');
});

test('nobody who is seen at their own phone is told to come to a clinic, and no value is asked that the kind lacks', () => {
  const kinds = [
    'appointment-booked',
    'appointment-reminder',
    'appointment-moved',
    'turn-soon',
    'handed-over',
  ] as const;
  for (const kind of kinds) {
    const atPhone = kindFor(kind, true);
    expect(atPhone).toBe(`${kind}-phone`);
    const own = new Set(placeholdersOf(kind));
    expect(placeholdersOf(atPhone).filter((name) => !own.has(name))).toEqual([]);
    expect(composeFor(atPhone, { clinic: '玉泉社区站' })).not.toMatch(/玉泉社区站|到达|社区站/);
    expect(isMessageKind(`${atPhone}-proxy`)).toBe(true);
  }
  expect(kindFor('report-ready', true)).toBe('report-ready');
  expect(kindFor('turn-soon', false)).toBe('turn-soon');
});

test('only kinds with a template are kinds', () => {
  expect(isMessageKind('report-ready')).toBe(true);
  expect(isMessageKind('toString')).toBe(false);
});
