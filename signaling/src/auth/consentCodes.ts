import { createHmac, randomInt, timingSafeEqual } from 'node:crypto';

const DIGITS = 6;

/** Another purpose than a login code's: what confirms a relation signs nobody in. */
export const consentCodeHash = (secret: string, relatedPersonId: string, code: string): Buffer =>
  createHmac('sha256', secret).update(`consent-code:${relatedPersonId}:${code}`).digest();

export const newConsentCode = (): string =>
  randomInt(10 ** DIGITS)
    .toString()
    .padStart(DIGITS, '0');

export const isConsentCode = (secret: string, relatedPersonId: string, code: string, hash: Buffer): boolean =>
  timingSafeEqual(consentCodeHash(secret, relatedPersonId, code), hash);
