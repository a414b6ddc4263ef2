import { expect, test } from 'vitest';
import { compose, isMessageKind } from './templates.ts';

test('a message is composed in Chinese unless another language is asked for', () => {
  const params = { code: '012345', minutes: '10' };
  expect(compose('login-code', params)).toBe('【云医院】您的登录验证码是 012345，10 分钟内有效。请勿告诉他人。');
  expect(compose('login-code', params, 'en')).toContain('012345');
});

test('only kinds with a template are kinds', () => {
  expect(isMessageKind('report-ready')).toBe(true);
  expect(isMessageKind('toString')).toBe(false);
});
