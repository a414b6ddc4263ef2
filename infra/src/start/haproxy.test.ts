import { spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { expect, test } from 'vitest';
import { ROOT } from '../services/paths.ts';
import { findProgram } from '../system/packages.ts';
import { ensureCertificate } from './certificate.ts';
import { haproxyConfig } from './haproxy.ts';

const template = readFileSync(path.join(ROOT, 'infra/haproxy/haproxy.cfg.template'), 'utf8');

test('every replica is a server behind the address where people connect', () => {
  const text = haproxyConfig(
    { host: '0.0.0.0', port: 8080, replicaPorts: [5001, 5002], certificate: undefined },
    template,
  );
  expect(text).toContain('bind *:8080\n');
  expect(text).toContain('server signaling-1 127.0.0.1:5001');
  expect(text).toContain('server signaling-2 127.0.0.1:5002');
  expect(text).toContain('X-Forwarded-Proto http\n');
  expect(text).not.toContain('{{servers}}');
});

test.skipIf(findProgram('haproxy') === undefined)(
  'HAProxy itself finds nothing wrong with it, with and without TLS',
  async () => {
    const directory = mkdtempSync(path.join(os.tmpdir(), 'haproxy-'));
    try {
      const certificate = await ensureCertificate(directory, ['127.0.0.1']);
      for (const tls of [undefined, certificate]) {
        const file = path.join(directory, 'haproxy.cfg');
        writeFileSync(
          file,
          haproxyConfig({ host: '127.0.0.1', port: 8443, replicaPorts: [5001], certificate: tls }, template),
        );
        const { status, stderr } = spawnSync(findProgram('haproxy') ?? '', ['-c', '-f', file], { encoding: 'utf8' });
        expect(stderr).not.toContain('[WARNING]');
        expect(status).toBe(0);
      }
    } finally {
      rmSync(directory, { recursive: true, force: true });
    }
  },
);
