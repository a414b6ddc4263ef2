import { TOTP } from 'otpauth';
import { expect, test } from 'vitest';
import { acceptedStep, newBackupCodes, newTotpSecret } from './totp.ts';

const now = new Date('2026-03-01T10:00:15Z');
const { secret, otpauthUrl } = newTotpSecret('specialist01');
const codeAt = (seconds: number): string =>
  new TOTP({ secret }).generate({ timestamp: now.getTime() + seconds * 1000 });

test('the codes of the previous, this and the next half minute are accepted, others are not', () => {
  const step = BigInt(Math.floor(now.getTime() / 30_000));
  expect(acceptedStep(secret, codeAt(0), now, null)).toBe(step);
  expect(acceptedStep(secret, codeAt(-30), now, null)).toBe(step - 1n);
  expect(acceptedStep(secret, codeAt(30), now, null)).toBe(step + 1n);
  expect(acceptedStep(secret, codeAt(-60), now, null)).toBeNull();
  expect(acceptedStep(secret, codeAt(60), now, null)).toBeNull();
});

test('a step is good once, and so is everything before it', () => {
  const step = acceptedStep(secret, codeAt(0), now, null);
  expect(acceptedStep(secret, codeAt(0), now, step)).toBeNull();
  expect(acceptedStep(secret, codeAt(-30), now, step)).toBeNull();
  expect(acceptedStep(secret, codeAt(30), now, step)).not.toBeNull();
});

test('an authenticator can read the address, and ten backup codes differ', () => {
  expect(otpauthUrl).toMatch(/^otpauth:\/\/totp\/Cloud%20Hospital:specialist01\?/);
  const codes = newBackupCodes();
  expect(new Set(codes).size).toBe(10);
  for (const code of codes) expect(code).toMatch(/^[A-HJ-NP-Z2-9]{4}-[A-HJ-NP-Z2-9]{4}$/);
});
