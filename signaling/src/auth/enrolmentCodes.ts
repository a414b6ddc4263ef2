import { createHmac } from 'node:crypto';
import { newReadableCode } from './readableCode.ts';

/** 40 random bits are too few for a plain hash; with a key kept outside the database they do. */
export const enrolmentCodeHash = (sessionSecret: string, code: string): Buffer =>
  createHmac('sha256', sessionSecret).update(`enrolment:${code}`).digest();

/** How long a terminal may take to be enrolled after its code was issued. Seconds. */
export const ENROLMENT_CODE_SECONDS = 900;

export function newEnrolmentCode(sessionSecret: string): { code: string; hash: Buffer } {
  const code = newReadableCode();
  return { code, hash: enrolmentCodeHash(sessionSecret, code) };
}
