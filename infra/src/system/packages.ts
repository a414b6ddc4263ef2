import { accessSync, constants, existsSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { findRedisServer } from '../redis/RedisServer.ts';
import { run } from '../worker/run.ts';
import { errorCode, StartError } from './StartError.ts';

/** Programs and data that come from the system. The names are Debian's. */
const CATALOGUE = {
  'redis-server': { what: 'Redis', isThere: () => findRedisServer() !== undefined, instead: 'valkey-server' },
  haproxy: { what: 'HAProxy', isThere: () => findProgram('haproxy') !== undefined },
  chromium: { what: 'Chromium', isThere: () => findProgram('chromium') !== undefined },
  'fonts-noto-cjk': { what: 'a Chinese font', isThere: hasCjkFont },
  ffmpeg: { what: 'ffmpeg', isThere: () => findProgram('ffmpeg') !== undefined },
  coturn: { what: 'coturn', isThere: () => findProgram('turnserver') !== undefined },
  nftables: { what: 'nftables', isThere: () => findProgram('nft') !== undefined },
  iproute2: { what: 'iproute2', isThere: () => findProgram('ip') !== undefined && findProgram('tc') !== undefined },
  janus: { what: 'Janus', isThere: () => findProgram('janus') !== undefined },
  'espeak-ng': { what: 'espeak-ng', isThere: () => findProgram('espeak-ng') !== undefined },
} as const satisfies Record<string, { what: string; isThere: () => boolean; instead?: string }>;

export type SystemPackage = keyof typeof CATALOGUE;

/** Where servers may lie that a normal user's PATH leaves out. */
const EXTRA_DIRECTORIES = ['/usr/local/sbin', '/usr/sbin', '/sbin'];
const FONT_DIRECTORIES = [
  '/usr/share/fonts/opentype/noto',
  '/usr/share/fonts/noto-cjk',
  '/usr/share/fonts/google-noto-cjk',
];

/** The path of a program, looked for in PATH and where servers are installed. */
export function findProgram(name: string): string | undefined {
  for (const directory of [...(process.env.PATH ?? '').split(':'), ...EXTRA_DIRECTORIES]) {
    const file = path.join(directory, name);
    try {
      if (directory === '') continue;
      accessSync(file, constants.X_OK);
      return file;
    } catch {
      // Not here; the next directory may have it.
    }
  }
  return undefined;
}

function hasCjkFont(): boolean {
  return FONT_DIRECTORIES.some((directory) => {
    try {
      return readdirSync(directory).some((file) => /CJK/i.test(file));
    } catch (error) {
      if (errorCode(error) === 'ENOENT') return false;
      throw error;
    }
  });
}

/**
 * Makes sure that the packages are there, and installs those that aren't where that is possible: as root, by apt-get.
 * What is installed for us is started by us: the packages' own services stay off.
 * @throws StartError with the command to type
 */
export async function ensureSystemPackages(
  names: readonly SystemPackage[],
  log: (line: string) => void,
): Promise<void> {
  const missing = names.filter((name) => !CATALOGUE[name].isThere());
  if (missing.length === 0) return;
  const what = missing.map((name) => CATALOGUE[name].what).join(', ');
  const byHand = `sudo apt-get install --no-install-recommends ${missing.join(' ')}`;
  if (process.getuid?.() !== 0 || findProgram('apt-get') === undefined) {
    throw new StartError(
      `This needs ${what}, which this system lacks. Install it and start again:\n  ${byHand}` +
        (missing.includes('redis-server') ? '\nor give the address of a Redis in REDIS_URL.' : ''),
    );
  }
  log(`installing ${what} (apt-get install ${missing.join(' ')})`);
  await aptGet(['update', '-q']);
  const problem = await installWithoutServices(missing);
  const still = missing.filter((name) => !CATALOGUE[name].isThere());
  if (still.length === 0) return;
  for (const name of still) {
    const { instead } = { instead: undefined, ...CATALOGUE[name] };
    if (instead !== undefined) await installWithoutServices([instead]);
  }
  const absent = still.filter((name) => !CATALOGUE[name].isThere());
  if (absent.length === 0) return;
  throw new StartError(
    `${absent.map((name) => CATALOGUE[name].what).join(', ')} could not be installed (${problem ?? 'unknown reason'}). ` +
      `Install by hand and start again:\n  ${byHand}`,
  );
}

/** Debian's scripts ask this program before they start a service; 101 means no. */
const POLICY_FILE = '/usr/sbin/policy-rc.d';
const SERVICES: Readonly<Record<string, string>> = {
  'redis-server': 'redis-server',
  'valkey-server': 'valkey-server',
  haproxy: 'haproxy',
  coturn: 'coturn',
  janus: 'janus',
};

/** @returns the end of what apt-get said when it failed */
async function installWithoutServices(names: readonly string[]): Promise<string | undefined> {
  const ownPolicy = !existsSync(POLICY_FILE);
  if (ownPolicy) writeFileSync(POLICY_FILE, '#!/bin/sh\nexit 101\n', { mode: 0o755 });
  try {
    const problem = await aptGet(['install', '-q', '-y', '--no-install-recommends', ...names]);
    if (existsSync('/run/systemd/system')) {
      const services = names.flatMap((name) => SERVICES[name] ?? []);
      // Nor at the next boot. A failure only means that there was no such unit.
      if (services.length > 0) await run('systemctl', ['disable', ...services]);
    }
    return problem;
  } finally {
    if (ownPolicy) rmSync(POLICY_FILE, { force: true });
  }
}

async function aptGet(args: readonly string[]): Promise<string | undefined> {
  const env = { ...process.env, DEBIAN_FRONTEND: 'noninteractive', RUNLEVEL: '1' };
  // Another apt may be at work, e.g. the nightly upgrade: wait for it rather than fail.
  const result = await run('apt-get', ['-o', 'DPkg::Lock::Timeout=120', ...args], { env });
  if (result.code === 0) return undefined;
  const errors = result.output.split('\n').filter((line) => line.startsWith('E:'));
  return errors.at(-1) ?? result.output.trimEnd().split('\n').at(-1);
}
