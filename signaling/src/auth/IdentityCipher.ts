import { createCipheriv, createDecipheriv, createHmac, hkdfSync, randomBytes } from 'node:crypto';

const IV_BYTES = 12;
const TAG_BYTES = 16;

/** Keeps identity numbers unreadable in the database, yet findable by exact match. */
export class IdentityCipher {
  readonly #encryptionKey: Buffer;
  readonly #lookupKey: Buffer;

  /** @param key 32 bytes, base64; two independent keys are derived from it (HKDF-SHA256) */
  constructor(key: string) {
    const material = Buffer.from(key, 'base64');
    if (material.length < 32) throw new TypeError('the identity key needs 32 bytes');
    this.#encryptionKey = Buffer.from(hkdfSync('sha256', material, '', 'identity-encryption', 32));
    this.#lookupKey = Buffer.from(hkdfSync('sha256', material, '', 'identity-lookup', 32));
  }

  /** HMAC-SHA256, for equality look-up. */
  hash(identityNumber: string): Buffer {
    return createHmac('sha256', this.#lookupKey).update(identityNumber).digest();
  }

  /** AES-256-GCM: 12 bytes IV, ciphertext, 16 bytes tag. */
  encrypt(identityNumber: string): Buffer {
    const iv = randomBytes(IV_BYTES);
    const cipher = createCipheriv('aes-256-gcm', this.#encryptionKey, iv);
    return Buffer.concat([iv, cipher.update(identityNumber, 'utf8'), cipher.final(), cipher.getAuthTag()]);
  }

  /** @throws when the bytes were changed or the key is another */
  decrypt(sealed: Buffer): string {
    const decipher = createDecipheriv('aes-256-gcm', this.#encryptionKey, sealed.subarray(0, IV_BYTES));
    decipher.setAuthTag(sealed.subarray(sealed.length - TAG_BYTES));
    return (
      decipher.update(sealed.subarray(IV_BYTES, sealed.length - TAG_BYTES), undefined, 'utf8') + decipher.final('utf8')
    );
  }
}

/** `110*************17`: enough to recognise one's own, not enough to use. */
export const maskIdentityNumber = (number: string): string =>
  `${number.slice(0, 3)}${'*'.repeat(number.length - 5)}${number.slice(-2)}`;

/** `138****5678`. */
export const maskPhone = (phone: string | null): string =>
  phone === null ? '' : `${phone.slice(0, 3)}****${phone.slice(-4)}`;

/** `王**`: the family name only. Two-character family names are rare enough to be shown by their first. */
export const maskName = (name: string): string => `${name.slice(0, 1)}${'*'.repeat(Math.max(1, name.length - 1))}`;
