import { SecretBox } from './SecretBox.ts';

/** Keeps identity numbers unreadable in the database, yet findable by exact match. */
export class IdentityCipher extends SecretBox {
  /** @param key 32 bytes, base64 */
  constructor(key: string) {
    super(key, 'identity');
  }
}
