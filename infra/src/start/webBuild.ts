import { createHash } from 'node:crypto';
import { existsSync, readdirSync, readFileSync, renameSync, rmSync, statSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { NODE, ROOT } from '../services/paths.ts';
import { readIfThere } from '../system/files.ts';
import { StartError } from '../system/StartError.ts';
import { run } from '../worker/run.ts';

export const WEB_APPS = ['clinic-web', 'doctor-web'] as const;
export type WebApp = (typeof WEB_APPS)[number];

/** What a web app is built from, beside its own folder. */
const SHARED_INPUTS = ['packages/protocol', 'packages/ui', 'packages/call', 'package-lock.json', 'tsconfig.base.json'];
const SKIPPED = new Set(['node_modules', 'dist', 'dist.new', 'dist.old', '.git']);
const STAMP = '.build-stamp';

export const webRoot = (app: WebApp): string => path.join(ROOT, app, 'dist');

/** Builds the web apps whose inputs changed since their last build, both at once. */
export async function buildWebApps(tell: (line: string) => void): Promise<void> {
  await Promise.all(WEB_APPS.map((app) => buildWebApp(app, tell)));
}

async function buildWebApp(app: WebApp, tell: (line: string) => void): Promise<void> {
  const directory = path.join(ROOT, app);
  const stamp = hashInputs([app, ...SHARED_INPUTS]);
  const target = webRoot(app);
  if (readIfThere(path.join(target, STAMP)) === stamp) return;
  tell(`building ${app}`);
  const fresh = `${target}.new`;
  const result = await run(
    NODE,
    [
      path.join(ROOT, 'node_modules/vite/bin/vite.js'),
      'build',
      '--outDir',
      fresh,
      '--emptyOutDir',
      '--logLevel',
      'warn',
    ],
    { cwd: directory, env: { ...process.env, NODE_ENV: 'production', NO_COLOR: '1', FORCE_COLOR: undefined } },
  );
  if (result.code !== 0 || !existsSync(path.join(fresh, 'index.html'))) {
    const lines = result.output.split('\n').filter((line) => line.trim() !== '' && !/^\s+at /.test(line));
    throw new StartError(`${app} can't be built:\n${lines.slice(0, 20).join('\n')}`);
  }
  writeFileSync(path.join(fresh, STAMP), stamp);
  // A replica that serves the old files meanwhile finds them until the new ones are complete.
  const old = `${target}.old`;
  rmSync(old, { recursive: true, force: true });
  if (existsSync(target)) renameSync(target, old);
  renameSync(fresh, target);
  rmSync(old, { recursive: true, force: true });
}

/** Hash over names and contents of all input files. Some hundred files: milliseconds. */
function hashInputs(inputs: readonly string[]): string {
  const hash = createHash('sha256');
  for (const input of inputs) {
    for (const file of filesBelow(input)) {
      hash.update(`${file}\0`);
      hash.update(readFileSync(path.join(ROOT, file)));
    }
  }
  return hash.digest('hex');
}

function filesBelow(relative: string): string[] {
  const absolute = path.join(ROOT, relative);
  if (!existsSync(absolute)) return [];
  if (statSync(absolute).isFile()) return [relative];
  return readdirSync(absolute, { withFileTypes: true })
    .toSorted((a, b) => (a.name < b.name ? -1 : 1))
    .flatMap((entry) => {
      const child = path.join(relative, entry.name);
      if (SKIPPED.has(entry.name) || entry.name.endsWith('.test.ts') || entry.name.endsWith('.test.tsx')) return [];
      return entry.isDirectory() ? filesBelow(child) : [child];
    });
}
