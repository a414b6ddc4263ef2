import { generateKeyPairSync, randomBytes } from 'node:crypto';
import { chmodSync, closeSync, fsyncSync, mkdirSync, openSync, renameSync, writeSync } from 'node:fs';
import path from 'node:path';
import { readIfThere } from '../system/files.ts';
import { StartError } from '../system/StartError.ts';

const token = (): string => randomBytes(32).toString('base64url');
const ed25519 = (): string =>
  generateKeyPairSync('ed25519').privateKey.export({ type: 'pkcs8', format: 'pem' }).toString();

/** What signaling reads from SECRETS_FILE. Losing `identityKey` or `fileKey` makes stored identity numbers or files unreadable. */
const applicationSecrets = {
  sessionSecret: token,
  linkSecret: token,
  /** 32 bytes, base64: AES-256 key of the identity numbers. */
  identityKey: () => randomBytes(32).toString('base64'),
  /** 32 bytes, base64: files of the record are encrypted with keys derived from it. */
  fileKey: () => randomBytes(32).toString('base64'),
  auditSigningKey: ed25519,
  reportSigningKey: ed25519,
  turnSecret: token,
} as const;

/** Passwords of the embedded database. Apart from the application's: it must not know its owner's. */
const databaseSecrets = {
  superuserPassword: token,
  ownerPassword: token,
  applicationPassword: token,
} as const;

export type ApplicationSecrets = { readonly [Name in keyof typeof applicationSecrets]: string };
export type DatabaseSecrets = { readonly [Name in keyof typeof databaseSecrets]: string };

export const ensureApplicationSecrets = (file: string): ApplicationSecrets => ensureSecrets(file, applicationSecrets);
export const ensureDatabaseSecrets = (file: string): DatabaseSecrets => ensureSecrets(file, databaseSecrets);

/**
 * Reads the secrets and makes those that are missing, so that a later version can add one. The file is readable by its
 * owner only, and written atomically: a crash leaves the old one or the new one.
 */
function ensureSecrets<Name extends string>(
  file: string,
  makers: Readonly<Record<Name, () => string>>,
): Record<Name, string> {
  const secrets = parse(file);
  let changed = false;
  for (const name in makers) {
    if (secrets[name] !== undefined) continue;
    secrets[name] = makers[name]();
    changed = true;
  }
  if (changed) write(file, secrets);
  else chmodSync(file, 0o600);
  if (!hasEvery(secrets, makers)) throw new TypeError('a secret is missing');
  return secrets;
}

function hasEvery<Name extends string>(
  secrets: Record<string, unknown>,
  makers: Readonly<Record<Name, unknown>>,
): secrets is Record<Name, string> {
  return Object.keys(makers).every((name) => typeof secrets[name] === 'string');
}

/** The file may hold more than we make, e.g. the carriers' `channels`: it is kept as it is. */
function parse(file: string): Record<string, unknown> {
  const text = readIfThere(file);
  if (text === undefined) return {};
  const broken = new StartError(
    `The secrets in ${file} can't be read as JSON: restore the file from a backup. Without it stored identity ` +
      'numbers are lost, so it is not made anew.',
  );
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    throw broken;
  }
  if (typeof value !== 'object' || value === null) throw broken;
  return { ...value };
}

function write(file: string, secrets: Readonly<Record<string, unknown>>): void {
  mkdirSync(path.dirname(file), { recursive: true, mode: 0o700 });
  const temporary = `${file}.new`;
  const handle = openSync(temporary, 'w', 0o600);
  try {
    writeSync(handle, `${JSON.stringify(secrets, null, 2)}\n`);
    fsyncSync(handle);
  } finally {
    closeSync(handle);
  }
  chmodSync(temporary, 0o600);
  renameSync(temporary, file);
}
