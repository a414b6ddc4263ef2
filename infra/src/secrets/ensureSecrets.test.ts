import { createPrivateKey, sign } from 'node:crypto';
import { mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { ensureApplicationSecrets } from './ensureSecrets.ts';

let directory: string;
let file: string;

beforeEach(() => {
  directory = mkdtempSync(path.join(os.tmpdir(), 'secrets-'));
  file = path.join(directory, 'deep/application.json');
});

afterEach(() => rmSync(directory, { recursive: true, force: true }));

test('secrets are made once, kept, and readable by their owner only', () => {
  const made = ensureApplicationSecrets(file);
  expect(statSync(file).mode & 0o777).toBe(0o600);
  expect(ensureApplicationSecrets(file)).toEqual(made);
  expect(Buffer.from(made.identityKey, 'base64')).toHaveLength(32);
  expect(made.sessionSecret).not.toBe(made.linkSecret);
});

test('signing keys are Ed25519 in PKCS#8', () => {
  const key = createPrivateKey(ensureApplicationSecrets(file).auditSigningKey);
  expect(key.asymmetricKeyType).toBe('ed25519');
  expect(sign(null, Buffer.from('head'), key)).toHaveLength(64);
});

test('a secret added by a later version is made, the others stay', () => {
  const { sessionSecret, ...others } = ensureApplicationSecrets(file);
  writeFileSync(file, JSON.stringify(others));
  const again = ensureApplicationSecrets(file);
  expect(again).toMatchObject(others);
  expect(again.sessionSecret).not.toBe(sessionSecret);
});

test('a damaged file is never replaced: the identity numbers would be lost with it', () => {
  ensureApplicationSecrets(file);
  writeFileSync(file, readFileSync(file, 'utf8').slice(0, 20));
  expect(() => ensureApplicationSecrets(file)).toThrow(/restore the file from a backup/);
  expect(readFileSync(file, 'utf8')).toHaveLength(20);
});
