import { createHmac, randomBytes, timingSafeEqual } from 'node:crypto';

/** A nonce for one handshake: 32 random bytes as hex. */
export function makeNonce(): string {
  return randomBytes(32).toString('hex');
}

/** HMAC-SHA256(secret, nonce ‖ id) as lowercase hex; see LinkFrame for who sends which. */
export function makeProof(secret: string, nonce: string, id: string): string {
  return createHmac('sha256', secret).update(nonce).update(id).digest('hex');
}

/** Compares in constant time, so that a wrong proof says nothing about the right one. */
export function isProof(candidate: string, secret: string, nonce: string, id: string): boolean {
  const expected = Buffer.from(makeProof(secret, nonce, id));
  const given = Buffer.from(candidate);
  return given.length === expected.length && timingSafeEqual(given, expected);
}
