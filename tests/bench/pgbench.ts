import { execFile } from 'node:child_process';
import { accessSync, constants, globSync } from 'node:fs';
import { mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { promisify } from 'node:util';
import type { BenchDatabase } from './BenchDatabase.ts';
import { percentile } from './statistics.ts';

const run = promisify(execFile);

/** Debian keeps it beside the server of its version; any version speaks with ours. */
export function findPgbench(): string | undefined {
  const inPath = (process.env['PATH'] ?? '').split(':').map((directory) => path.join(directory, 'pgbench'));
  return [...inPath, ...globSync('/usr/lib/postgresql/*/bin/pgbench')].find((file) => {
    try {
      accessSync(file, constants.X_OK);
      return true;
    } catch {
      // Not here; the next directory may have it.
      return false;
    }
  });
}

export interface PgbenchResult {
  readonly perSecond: number;
  readonly p99: number;
}

/** Each of `clients` runs the script's transaction `times` times, prepared, without a pause. */
export async function pgbench(
  program: string,
  database: BenchDatabase,
  script: string,
  { clients, times }: { clients: number; times: number },
): Promise<PgbenchResult> {
  const directory = await mkdtemp(path.join(tmpdir(), 'cloud-hospital-pgbench-'));
  try {
    const file = path.join(directory, 'script.sql');
    await writeFile(file, script);
    const { stdout } = await run(
      program,
      ['-n', '-M', 'prepared', '-c', String(clients), '-j', '2', '-t', String(times), '-f', file]
        .concat(['-l', '--log-prefix', path.join(directory, 'log')])
        .concat(['-h', database.socketDirectory, '-U', 'postgres', database.name]),
      { env: { ...process.env, PGPASSWORD: database.password } },
    );
    const logs = (await readdir(directory)).filter((name) => name.startsWith('log'));
    const lines = (await Promise.all(logs.map((name) => readFile(path.join(directory, name), 'utf8')))).join('\n');
    // client, transaction, time in µs, …
    const took = lines.split('\n').flatMap((line) => (line === '' ? [] : [Number(line.split(' ')[2]) / 1_000]));
    return {
      perSecond: Number(/tps = ([\d.]+)/.exec(stdout)?.[1] ?? Number.NaN),
      p99: percentile(took, 99),
    };
  } finally {
    await rm(directory, { recursive: true, force: true });
  }
}
