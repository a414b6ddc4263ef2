import { access, mkdtemp, readFile, readdir, rm } from 'node:fs/promises';
import { createRequire } from 'node:module';
import os from 'node:os';
import path from 'node:path';
import { describe, expect, it, onTestFinished } from 'vitest';
import { buildJobs, prepareSources } from './localBuild.ts';
import { type Patch, PatchError, applyPatch } from './patches.ts';
import { describeMissing, findMissing, requirements } from './requirements.ts';

const patch: Patch = { file: 'a.cpp', find: 'x == 1', replace: "$& costs $1 and $'", reason: 'because' };

describe('applyPatch', () => {
  it('replaces the line, taking the replacement literally', () => {
    expect(applyPatch('if (x == 1)', patch)).toBe("if ($& costs $1 and $')");
  });

  it('fails loudly when the line is not there', () => {
    expect(() => applyPatch('if (x == 2)', patch)).toThrow(PatchError);
    expect(() => applyPatch('if (x == 2)', patch)).toThrow(/a\.cpp.*found it 0 times.*because/);
  });

  it('fails loudly when it cannot tell which line is meant', () => {
    expect(() => applyPatch('x == 1 || x == 1', patch)).toThrow(/found it 2 times/);
  });
});

describe('prepareSources', () => {
  it('patches the installed mediasoup and leaves nothing that Meson would download', async () => {
    const directory = await mkdtemp(path.join(os.tmpdir(), 'worker-sources-'));
    onTestFinished(async () => rm(directory, { recursive: true, force: true }));
    const entry = createRequire(new URL('../../../sfu/package.json', import.meta.url)).resolve('mediasoup');
    const target = path.join(directory, 'worker');

    await prepareSources(path.resolve(path.dirname(entry), '../../worker'), target);

    const meson = await readFile(path.join(target, 'meson.build'), 'utf8');
    expect(meson).toContain("meson_version: '>= 1.0.0'");
    expect(meson).toContain("cpp_pch: 'pch/worker_pch.hpp'");
    const dtls = await readFile(path.join(target, 'src/RTC/DtlsTransport.cpp'), 'utf8');
    expect(dtls).toContain('((operationType & BIO_CB_RETURN) != 0) ? static_cast<long>(ret) : 1;');
    const subprojects = await readdir(path.join(target, 'subprojects'));
    expect(subprojects.filter((name) => name.endsWith('.wrap'))).toEqual(['unordered_dense.wrap']);
    await access(path.join(target, 'subprojects/libsrtp3/include/srtp.h'));
    await access(path.join(target, 'pch/worker_pch.hpp'));
  });
});

describe('build jobs', () => {
  it('takes a job a core, fewer where memory is short, at least one', () => {
    const gib = 1024 ** 3;
    expect(buildJobs(8, 64 * gib)).toBe(8);
    expect(buildJobs(8, 3.5 * gib)).toBe(3);
    expect(buildJobs(2, 0.3 * gib)).toBe(1);
  });
});

describe('requirements', () => {
  it('finds what is missing, programs that are not there or may not be started included', async () => {
    const present = { what: 'a shell', debianPackage: 'dash', check: ['sh', '-c', 'exit 0'] } as const;
    const failing = { what: 'a library', debianPackage: 'libx-dev', check: ['sh', '-c', 'exit 1'] } as const;
    const absent = { what: 'a tool', debianPackage: 'tool', check: ['no-such-program-anywhere'] } as const;
    const closed = { what: 'no program', debianPackage: 'none', check: [import.meta.filename] } as const;
    expect(await findMissing([present, failing, absent, closed])).toEqual([failing, absent, closed]);
  });

  it('tells a Debian user the command, and anyone else what is meant', () => {
    expect(describeMissing(requirements.slice(0, 3), true)).toContain(
      'sudo apt-get install --no-install-recommends pkg-config g++ meson',
    );
    expect(describeMissing(requirements.slice(1, 2), false)).toContain("a C++20 compiler (Debian's package: g++)");
  });
});
