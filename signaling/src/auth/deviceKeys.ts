import { createPublicKey, type KeyObject, verify } from 'node:crypto';
import { type PublicKeyJwk, terminalChallengeText } from '@cloud-hospital/protocol/rest';

/** r and s of P-256, 32 bytes each (IEEE P1363). */
const SIGNATURE_BYTES = 64;

/** @returns null when the numbers aren't a point of the curve */
export function readPublicKey(jwk: PublicKeyJwk): KeyObject | null {
  try {
    return createPublicKey({ key: { ...jwk }, format: 'jwk' });
  } catch {
    // Whatever OpenSSL's reason, a key that can't be read is no key.
    return null;
  }
}

/** Whether the terminal that holds the key signed this challenge: ECDSA P-256 with SHA-256, base64url. */
export function isSignedBy(jwk: PublicKeyJwk, deviceId: string, challenge: string, signature: string): boolean {
  const key = readPublicKey(jwk);
  const bytes = Buffer.from(signature, 'base64url');
  if (key === null || bytes.length !== SIGNATURE_BYTES) return false;
  const signed = Buffer.from(terminalChallengeText(deviceId, challenge), 'utf8');
  return verify('sha256', signed, { key, dsaEncoding: 'ieee-p1363' }, bytes);
}
