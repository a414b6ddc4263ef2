import { Secret, TOTP } from 'otpauth';
import { newReadableCode } from './readableCode.ts';
import { SecretBox } from './SecretBox.ts';

const ISSUER = 'Cloud Hospital';
const PERIOD_SECONDS = 30;
/** A code of the previous and of the next step is taken too: clocks differ, people type slowly. */
const WINDOW_STEPS = 1;
const SECRET_BYTES = 20;
const BACKUP_CODES = 10;

const totpOf = (secret: string, label: string): TOTP =>
  new TOTP({ issuer: ISSUER, label, algorithm: 'SHA1', digits: 6, period: PERIOD_SECONDS, secret });

/** A new secret as people and their authenticators take it. @param label the account's user name */
export function newTotpSecret(label: string): { secret: string; otpauthUrl: string } {
  const secret = new Secret({ size: SECRET_BYTES }).base32;
  return { secret, otpauthUrl: totpOf(secret, label).toString() };
}

/**
 * The 30 s step a code belongs to, for the caller to remember: a step is good once (RFC 6238, 5.2).
 * @param lastStep the last step that was accepted
 * @returns null when the code is wrong, too old, or of a step already used
 */
export function acceptedStep(secret: string, code: string, now: Date, lastStep: bigint | null): bigint | null {
  const delta = totpOf(secret, '').validate({ token: code, timestamp: now.getTime(), window: WINDOW_STEPS });
  if (delta === null) return null;
  const step = BigInt(Math.floor(now.getTime() / 1000 / PERIOD_SECONDS) + delta);
  return lastStep !== null && step <= lastStep ? null : step;
}

export const newBackupCodes = (): string[] => Array.from({ length: BACKUP_CODES }, newReadableCode);

/** Where secrets of second factors are kept. @param identityKey the key of data at rest */
export const secondFactorBox = (identityKey: string): SecretBox => new SecretBox(identityKey, 'second-factor');

/** What the database keeps of a backup code. */
export const backupCodeHash = (box: SecretBox, code: string): string =>
  box.hash(`backup:${code}`).toString('base64url');
