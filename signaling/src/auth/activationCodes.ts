import { createHmac, timingSafeEqual } from 'node:crypto';
import { newReadableCode } from './readableCode.ts';

/** From hand to hand or by internal mail, so days rather than minutes. Seconds. */
export const ACTIVATION_CODE_SECONDS = 3 * 24 * 3_600;

/** 40 random bits are too few for a plain hash; with a key kept outside the database they do. */
const activationCodeHash = (sessionSecret: string, code: string): Buffer =>
  createHmac('sha256', sessionSecret).update(`activation:${code}`).digest();

export function newActivationCode(sessionSecret: string): { code: string; hash: Buffer } {
  const code = newReadableCode();
  return { code, hash: activationCodeHash(sessionSecret, code) };
}

export function isActivationCode(sessionSecret: string, code: string, hash: Buffer): boolean {
  const given = activationCodeHash(sessionSecret, code);
  return given.length === hash.length && timingSafeEqual(given, hash);
}
