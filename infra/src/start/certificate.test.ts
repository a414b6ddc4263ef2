import { X509Certificate } from 'node:crypto';
import { mkdtempSync, readFileSync, rmSync, statSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { ensureCertificate } from './certificate.ts';

let directory: string;

beforeEach(() => {
  directory = mkdtempSync(path.join(os.tmpdir(), 'certificate-'));
});

afterEach(() => rmSync(directory, { recursive: true, force: true }));

test('the certificate names every address, and its key is private', async () => {
  const { pem, keyFile, bundleFile } = await ensureCertificate(directory, ['127.0.0.1', '192.168.7.9']);
  const certificate = new X509Certificate(pem);
  expect(certificate.checkIP('192.168.7.9')).toBe('192.168.7.9');
  expect(certificate.checkHost('localhost')).toBe('localhost');
  expect(statSync(keyFile).mode & 0o777).toBe(0o600);
  expect(readFileSync(bundleFile, 'utf8')).toContain('PRIVATE KEY');
});

test('it is kept as long as it covers the addresses, since people accept each one by hand', async () => {
  const first = await ensureCertificate(directory, ['127.0.0.1']);
  expect((await ensureCertificate(directory, ['127.0.0.1'])).pem).toBe(first.pem);
  expect((await ensureCertificate(directory, ['127.0.0.1', '10.9.8.7'])).pem).not.toBe(first.pem);
});
