import { X509Certificate } from 'node:crypto';
import { mkdirSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { generate } from 'selfsigned';
import { readIfThere } from '../system/files.ts';

export interface Certificate {
  readonly pem: string;
  readonly certFile: string;
  readonly keyFile: string;
  /** Certificate and key in one file, as HAProxy wants them. */
  readonly bundleFile: string;
}

const DAY_MS = 24 * 60 * 60 * 1_000;
/** Apple's limit for certificates that users trust by hand; sources: support.apple.com/103769. */
const VALID_DAYS = 820;
const RENEW_BEFORE_DAYS = 30;

/**
 * A self-signed certificate for this machine's addresses, kept in the directory and made anew only when an address is
 * missing from it or it is about to expire: people have to accept each new one by hand.
 */
export async function ensureCertificate(directory: string, addresses: readonly string[]): Promise<Certificate> {
  const files = {
    certFile: path.join(directory, 'certificate.pem'),
    keyFile: path.join(directory, 'key.pem'),
    bundleFile: path.join(directory, 'bundle.pem'),
  };
  const existing = readIfThere(files.certFile);
  if (existing !== undefined && readIfThere(files.bundleFile) !== undefined && covers(existing, addresses)) {
    return { pem: existing, ...files };
  }
  const made = await generate([{ name: 'commonName', value: 'Cloud Hospital (self-signed)' }], {
    keyType: 'ec',
    curve: 'P-256',
    algorithm: 'sha256',
    // A clock that is a little slow on another device must not find it not yet valid.
    notBeforeDate: new Date(Date.now() - DAY_MS),
    notAfterDate: new Date(Date.now() + VALID_DAYS * DAY_MS),
    extensions: [
      { name: 'basicConstraints', cA: false, critical: true },
      { name: 'keyUsage', digitalSignature: true, critical: true },
      { name: 'extKeyUsage', serverAuth: true },
      {
        name: 'subjectAltName',
        altNames: [{ type: 2, value: 'localhost' }, ...addresses.map((ip) => ({ type: 7, ip }) as const)],
      },
    ],
  });
  mkdirSync(directory, { recursive: true, mode: 0o700 });
  writeFileSync(files.keyFile, made.private, { mode: 0o600 });
  writeFileSync(files.bundleFile, `${made.cert}\n${made.private}`, { mode: 0o600 });
  writeFileSync(files.certFile, made.cert, { mode: 0o600 });
  return { pem: made.cert, ...files };
}

function covers(pem: string, addresses: readonly string[]): boolean {
  const certificate = new X509Certificate(pem);
  if (Date.parse(certificate.validTo) - Date.now() < RENEW_BEFORE_DAYS * DAY_MS) return false;
  return addresses.every((address) => certificate.checkIP(address) !== undefined);
}
