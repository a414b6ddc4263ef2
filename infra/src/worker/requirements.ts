import type { Log } from './log.ts';
import { run } from './run.ts';

/** Something the local build needs. */
export interface Requirement {
  /** In words, for systems whose package names we don't know. */
  what: string;
  debianPackage: string;
  /** A command that succeeds if it is there. Asking for the thing and not for a package works on any system. */
  check: readonly [command: string, ...args: string[]];
}

const pkgConfig = (module: string): Requirement['check'] => ['pkg-config', '--exists', module];

/** What Debian 12 provides is enough; pkg-config comes first because later checks go through it. */
export const requirements: readonly Requirement[] = [
  { what: 'pkg-config', debianPackage: 'pkg-config', check: ['pkg-config', '--version'] },
  { what: 'a C++20 compiler', debianPackage: 'g++', check: ['c++', '--version'] },
  { what: 'Meson ≥ 1.0', debianPackage: 'meson', check: ['meson', '--version'] },
  { what: 'Ninja', debianPackage: 'ninja-build', check: ['ninja', '--version'] },
  { what: 'the FlatBuffers compiler (flatc)', debianPackage: 'flatbuffers-compiler', check: ['flatc', '--version'] },
  { what: 'FlatBuffers headers', debianPackage: 'libflatbuffers-dev', check: pkgConfig('flatbuffers') },
  { what: 'libuv headers', debianPackage: 'libuv1-dev', check: pkgConfig('libuv') },
  { what: 'OpenSSL 3 headers', debianPackage: 'libssl-dev', check: pkgConfig('openssl >= 3.0.0') },
  { what: 'Abseil headers', debianPackage: 'libabsl-dev', check: pkgConfig('absl_flat_hash_map') },
  { what: 'libsrtp 2 headers', debianPackage: 'libsrtp2-dev', check: pkgConfig('libsrtp2') },
];

export async function findMissing(list: readonly Requirement[] = requirements): Promise<Requirement[]> {
  const present = await Promise.all(
    list.map(async ({ check: [command, ...args] }) => (await run(command, args)).code === 0),
  );
  return list.filter((_, index) => present[index] === false);
}

export async function canInstallPackages(): Promise<boolean> {
  return process.getuid?.() === 0 && (await hasAptGet());
}

export async function hasAptGet(): Promise<boolean> {
  return (await run('apt-get', ['--version'])).code === 0;
}

/**
 * Installs the Debian packages of `missing`; must be root.
 * @returns undefined if all went well, else what apt-get said.
 */
export async function installPackages(missing: readonly Requirement[], log: Log): Promise<string | undefined> {
  const packages = missing.map(({ debianPackage }) => debianPackage);
  log(`Installing Debian packages: ${packages.join(' ')}`);
  const env = { ...process.env, DEBIAN_FRONTEND: 'noninteractive' };
  // Another apt may be at work, e.g. the nightly upgrade: wait for it rather than fail.
  const patience = ['-o', 'DPkg::Lock::Timeout=120'];

  // A failing update isn't fatal: the lists at hand may do, and if they don't, the installation says so.
  const update = await run('apt-get', [...patience, 'update', '-q'], { env });
  if (update.code !== 0) log(`  apt-get update failed: ${lastLines(update.output, 3)}`);

  const install = await run('apt-get', [...patience, 'install', '-q', '-y', '--no-install-recommends', ...packages], {
    env,
    onLine: (line) => {
      if (/^(Setting up|Unpacking) /.test(line)) log(`  ${line}`);
    },
  });
  return install.code === 0 ? undefined : lastLines(install.output, 10);
}

/** The sentence that tells a person how to get what is missing. */
export function describeMissing(missing: readonly Requirement[], aptGet: boolean): string {
  if (aptGet) {
    const packages = missing.map(({ debianPackage }) => debianPackage).join(' ');
    return `install these packages and start again:\n  sudo apt-get install --no-install-recommends ${packages}`;
  }
  const list = missing.map(({ what, debianPackage }) => `  - ${what} (Debian's package: ${debianPackage})`);
  return `install the following with your system's package manager and start again:\n${list.join('\n')}`;
}

export function lastLines(text: string, count: number): string {
  return text.trimEnd().split('\n').slice(-count).join('\n');
}
