import { describe, expect, it } from 'vitest';
import { type Host, cacheKey, cacheRoot, libraryFingerprint, prebuiltTarballName, prebuiltUrl } from './naming.ts';

const debian: Host = {
  platform: 'linux',
  arch: 'x64',
  kernelRelease: '6.1.0-28-amd64',
  osRelease:
    'PRETTY_NAME="Debian GNU/Linux 12 (bookworm)"\nVERSION_ID="12"\nID=debian\nHOME_URL="https://www.debian.org/"\n',
};
const ubuntu: Host = { ...debian, osRelease: "ID=ubuntu\nVERSION_ID='24.04'\n" };
const rolling: Host = { ...debian, osRelease: 'ID=arch\n' };
const mac: Host = { platform: 'darwin', arch: 'arm64', kernelRelease: '24.5.0', osRelease: undefined };

describe('library fingerprint', () => {
  it('names the distribution and its release, quoted or not', () => {
    expect(libraryFingerprint(debian)).toBe('debian-12');
    expect(libraryFingerprint(ubuntu)).toBe('ubuntu-24.04');
  });

  it('has a name for systems without releases or without os-release', () => {
    expect(libraryFingerprint(rolling)).toBe('arch-rolling');
    expect(libraryFingerprint(mac)).toBe('darwin-24');
  });
});

describe('cache key', () => {
  it('differs by mediasoup version, architecture and distribution', () => {
    const keys = [
      cacheKey('3.27.1', debian),
      cacheKey('3.27.2', debian),
      cacheKey('3.27.1', { ...debian, arch: 'arm64' }),
      cacheKey('3.27.1', ubuntu),
      cacheKey('3.27.1', mac),
    ];
    expect(new Set(keys).size).toBe(keys.length);
    expect(keys[0]).toMatch(/^3\.27\.1-linux-x64-debian-12-r\d+$/);
  });

  it('is the same under another kernel of the same system', () => {
    expect(cacheKey('3.27.1', { ...debian, kernelRelease: '6.12.9' })).toBe(cacheKey('3.27.1', debian));
  });

  it('stays one path segment whatever os-release says', () => {
    expect(cacheKey('3.27.1', { ...debian, osRelease: 'ID=../../etc\nVERSION_ID=a b/c' })).not.toMatch(/[/\s]/);
  });
});

describe('cache root', () => {
  it('prefers our own variable, then an absolute XDG_CACHE_HOME, then ~/.cache', () => {
    const own = { CLOUD_HOSPITAL_CACHE: '/var/cache/hospital', XDG_CACHE_HOME: '/xdg' };
    expect(cacheRoot(own, '/home/a')).toBe('/var/cache/hospital/mediasoup-worker');
    expect(cacheRoot({ XDG_CACHE_HOME: '/xdg' }, '/home/a')).toBe('/xdg/cloud-hospital/mediasoup-worker');
    expect(cacheRoot({ XDG_CACHE_HOME: 'xdg' }, '/home/a')).toBe('/home/a/.cache/cloud-hospital/mediasoup-worker');
    expect(cacheRoot({}, '/home/a')).toBe('/home/a/.cache/cloud-hospital/mediasoup-worker');
  });
});

describe('prebuilt archive', () => {
  it('carries the major version of the kernel on Linux only', () => {
    expect(prebuiltTarballName('3.27.1', debian)).toBe('mediasoup-worker-3.27.1-linux-x64-kernel6.tgz');
    expect(prebuiltTarballName('3.27.1', mac)).toBe('mediasoup-worker-3.27.1-darwin-arm64.tgz');
  });

  it('comes from the GitHub release, or from the mirror that the operator names', () => {
    expect(prebuiltUrl('3.27.1', mac, {})).toBe(
      'https://github.com/versatica/mediasoup/releases/download/3.27.1/mediasoup-worker-3.27.1-darwin-arm64.tgz',
    );
    const mirror = { MEDIASOUP_WORKER_PREBUILT_DOWNLOAD_BASE_URL: 'https://mirror.example/mediasoup/' };
    expect(prebuiltUrl('3.27.1', mac, mirror)).toBe(
      'https://mirror.example/mediasoup/3.27.1/mediasoup-worker-3.27.1-darwin-arm64.tgz',
    );
  });
});
