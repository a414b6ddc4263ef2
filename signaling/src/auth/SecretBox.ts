import { createCipheriv, createDecipheriv, createHmac, hkdfSync, randomBytes } from 'node:crypto';

const KEY_BYTES = 32;
const IV_BYTES = 12;
const TAG_BYTES = 16;

/** Keeps short secrets unreadable in the database, and findable or comparable by a keyed hash. */
export class SecretBox {
  readonly #encryptionKey: Buffer;
  readonly #hashKey: Buffer;

  /**
   * @param key 32 bytes, base64; two independent keys are derived from it (HKDF-SHA256)
   * @param purpose separates the boxes made from one key
   */
  constructor(key: string, purpose: string) {
    const material = Buffer.from(key, 'base64');
    if (material.length < KEY_BYTES) throw new TypeError(`the ${purpose} key needs ${KEY_BYTES} bytes`);
    const derive = (use: string): Buffer =>
      Buffer.from(hkdfSync('sha256', material, '', `${purpose}-${use}`, KEY_BYTES));
    this.#encryptionKey = derive('encryption');
    this.#hashKey = derive('lookup');
  }

  /** HMAC-SHA256. */
  hash(text: string): Buffer {
    return createHmac('sha256', this.#hashKey).update(text).digest();
  }

  /** AES-256-GCM: 12 bytes IV, ciphertext, 16 bytes tag. */
  encrypt(text: string): Buffer {
    const iv = randomBytes(IV_BYTES);
    const cipher = createCipheriv('aes-256-gcm', this.#encryptionKey, iv);
    return Buffer.concat([iv, cipher.update(text, 'utf8'), cipher.final(), cipher.getAuthTag()]);
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
