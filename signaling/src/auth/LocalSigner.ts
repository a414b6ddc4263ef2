import { createHash, createPrivateKey, createPublicKey, type KeyObject, sign, verify } from 'node:crypto';
import type { Signer } from '../domain/Signer.ts';

/** Ed25519 (RFC 8032) with a key kept in the secrets file. */
export class LocalSigner implements Signer {
  readonly keyId: string;
  readonly #privateKey: KeyObject;
  readonly #publicKey: KeyObject;

  /** @param privateKeyPem PKCS#8 PEM of an Ed25519 private key */
  constructor(privateKeyPem: string) {
    this.#privateKey = createPrivateKey(privateKeyPem);
    if (this.#privateKey.asymmetricKeyType !== 'ed25519') throw new TypeError('expected an Ed25519 key');
    this.#publicKey = createPublicKey(this.#privateKey);
    const spki = this.#publicKey.export({ type: 'spki', format: 'der' });
    this.keyId = `ed25519-${createHash('sha256').update(spki).digest('hex').slice(0, 16)}`;
  }

  sign(data: Uint8Array): Promise<Uint8Array> {
    return Promise.resolve(sign(null, data, this.#privateKey));
  }

  verify(data: Uint8Array, signature: Uint8Array, keyId: string): Promise<boolean> {
    return Promise.resolve(keyId === this.keyId && verify(null, data, this.#publicKey, signature));
  }
}
