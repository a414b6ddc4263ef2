/**
 * Signs digests of clinical documents and of the audit's head. The default holds a local Ed25519 key; a certificate
 * authority's service is another implementation of the same interface.
 */
export interface Signer {
  /** Names the key, so that old signatures stay verifiable after a key change. */
  readonly keyId: string;
  /** @param data the bytes to sign @returns the raw signature */
  sign(data: Uint8Array): Promise<Uint8Array>;
  /** False for a wrong signature and for a key this signer doesn't know. */
  verify(data: Uint8Array, signature: Uint8Array, keyId: string): Promise<boolean>;
}
