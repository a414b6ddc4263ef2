import { readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { isHealthy } from '../services/healthProbe.ts';
import { ROOT } from '../services/paths.ts';
import type { ProcessSpec } from '../supervisor/ProcessSpec.ts';
import { findProgram } from '../system/packages.ts';
import { StartError } from '../system/StartError.ts';

export interface HaproxyOptions {
  readonly host: string;
  readonly port: number;
  /** Ports of the replicas on loopback. */
  readonly replicaPorts: readonly number[];
  readonly certificate: { readonly pem: string; readonly bundleFile: string } | undefined;
  /** Where the configuration is written. */
  readonly configFile: string;
}

const TEMPLATE = path.join(ROOT, 'infra/haproxy/haproxy.cfg.template');

/** The configuration as text. */
export function haproxyConfig(options: Omit<HaproxyOptions, 'configFile'>, template: string): string {
  const { certificate } = options;
  const values: Readonly<Record<string, string>> = {
    bind:
      `${options.host === '0.0.0.0' ? '*' : options.host}:${options.port}` +
      (certificate === undefined ? '' : ` ssl crt ${certificate.bundleFile} alpn http/1.1 ssl-min-ver TLSv1.2`),
    scheme: certificate === undefined ? 'http' : 'https',
    servers: options.replicaPorts
      .map((port, index) => `    server signaling-${index + 1} 127.0.0.1:${port}`)
      .join('\n'),
  };
  return template.replaceAll(/\{\{(\w+)\}\}/g, (_, name: string) => {
    const value = values[name];
    if (value === undefined) throw new TypeError(`the HAProxy template asks for an unknown value: ${name}`);
    return value;
  });
}

/** HAProxy on the address where people connect. @throws StartError when it isn't installed */
export function haproxySpec(options: HaproxyOptions): ProcessSpec {
  const program = findProgram('haproxy');
  if (program === undefined) {
    throw new StartError('HAProxy is missing: install it (sudo apt-get install haproxy), or start one replica only.');
  }
  const probeHost = options.host === '0.0.0.0' ? '127.0.0.1' : options.host;
  return {
    name: 'haproxy',
    command: program,
    // -db: in the foreground, one process.
    args: ['-db', '-f', options.configFile],
    env: { PATH: process.env.PATH ?? '/usr/sbin:/usr/bin:/sbin:/bin' },
    cwd: '/',
    beforeStart: async () =>
      writeFileSync(options.configFile, haproxyConfig(options, readFileSync(TEMPLATE, 'utf8')), { mode: 0o600 }),
    isReady: () => isHealthy({ host: probeHost, port: options.port, certificate: options.certificate?.pem }),
    readyTimeoutMs: 15_000,
    stopSignal: 'SIGTERM',
    stopTimeoutMs: 5_000,
    explainFailure: (lines) => {
      const alert = lines.find((line) => line.includes('[ALERT]'));
      return alert === undefined
        ? undefined
        : `HAProxy can't run: ${alert.replace(/^.*\[ALERT\]\s*(\(\d+\)\s*:\s*)?/, '')}`;
    },
  };
}
