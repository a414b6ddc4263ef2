import path from 'node:path';

/** What decides whether a worker binary made elsewhere can run here. */
export interface Host {
  platform: NodeJS.Platform;
  arch: string;
  /** As `os.release()` says it, e.g. `6.1.0-28-amd64`. */
  kernelRelease: string;
  /** Content of `/etc/os-release`; undefined where there is none. */
  osRelease: string | undefined;
}

export type Environment = Readonly<Record<string, string | undefined>>;

/**
 * Raise this when a change to the shims, the patches or the build options makes binaries that people already
 * hold in their caches wrong. It is not a hash of those files: rewording a comment shouldn't cost every
 * machine a rebuild of minutes.
 */
const RECIPE_REVISION = 1;

export function binaryName(platform: NodeJS.Platform): string {
  return platform === 'win32' ? 'mediasoup-worker.exe' : 'mediasoup-worker';
}

/**
 * Names the system whose libraries a locally built worker links to: `debian-12`, `ubuntu-24.04`, `darwin-24`.
 * Sonames stay put within a release of a distribution, so the release is fine enough; rolling ones have no
 * VERSION_ID, and there the check that a cached binary starts has the last word.
 */
export function libraryFingerprint(host: Host): string {
  if (host.osRelease === undefined) return `${host.platform}-${host.kernelRelease.split('.')[0] ?? 'unknown'}`;
  const fields = parseOsRelease(host.osRelease);
  const id = fields.get('ID') ?? 'linux';
  const version = fields.get('VERSION_ID') ?? fields.get('VERSION_CODENAME') ?? 'rolling';
  return `${id}-${version}`;
}

/** See os-release(5): shell-like assignments, values optionally quoted. */
export function parseOsRelease(text: string): Map<string, string> {
  const fields = new Map<string, string>();
  for (const line of text.split('\n')) {
    const match = /^([A-Z0-9_]+)=(["']?)(.*)\2$/.exec(line.trim());
    if (match?.[1] !== undefined && match[3] !== undefined) fields.set(match[1], match[3]);
  }
  return fields;
}

/** Name of the cache directory of one binary. Safe as a path segment whatever os-release holds. */
export function cacheKey(mediasoupVersion: string, host: Host): string {
  const parts = [mediasoupVersion, host.platform, host.arch, libraryFingerprint(host), `r${RECIPE_REVISION}`];
  return parts.map((part) => part.replace(/[^A-Za-z0-9._-]/g, '_')).join('-');
}

/**
 * Where binaries are kept: outside `node_modules`, so that `npm ci` doesn't throw minutes of compiling away.
 * CLOUD_HOSPITAL_CACHE replaces the whole `…/cloud-hospital` directory; XDG_CACHE_HOME is ignored when
 * relative, as its specification demands.
 */
export function cacheRoot(env: Environment, homeDir: string): string {
  const own = env.CLOUD_HOSPITAL_CACHE;
  if (own) return path.resolve(own, 'mediasoup-worker');
  const xdg = env.XDG_CACHE_HOME;
  const base = xdg && path.isAbsolute(xdg) ? xdg : path.join(homeDir, '.cache');
  return path.join(base, 'cloud-hospital', 'mediasoup-worker');
}

/** The archive's name as `getWorkerPrebuildTarName()` in mediasoup's npm-scripts.mjs makes it. */
export function prebuiltTarballName(mediasoupVersion: string, host: Host): string {
  // On Linux the archives are made per major version of the kernel.
  const kernel = host.platform === 'linux' ? `-kernel${Number(host.kernelRelease.split('.')[0])}` : '';
  return `mediasoup-worker-${mediasoupVersion}-${host.platform}-${host.arch}${kernel}.tgz`;
}

/**
 * `MEDIASOUP_WORKER_PREBUILT_DOWNLOAD_BASE_URL` is mediasoup's own variable for a mirror of its releases;
 * hospitals without access to GitHub have use for it.
 */
export function prebuiltUrl(mediasoupVersion: string, host: Host, env: Environment): string {
  const base =
    env.MEDIASOUP_WORKER_PREBUILT_DOWNLOAD_BASE_URL || 'https://github.com/versatica/mediasoup/releases/download';
  return `${base.replace(/\/+$/, '')}/${mediasoupVersion}/${prebuiltTarballName(mediasoupVersion, host)}`;
}
