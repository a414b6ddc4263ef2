import { execFileSync } from 'node:child_process';
import { chmodSync, mkdtempSync, readFileSync, realpathSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { afterAll, afterEach, beforeAll, beforeEach, expect, test } from 'vitest';
import { withClient } from '../../../infra/src/postgres/databaseRoles.ts';
import { EmbeddedPostgres } from '../../../infra/src/postgres/EmbeddedPostgres.ts';
import { identify, processesIn } from '../../../infra/src/supervisor/processIdentity.ts';

const isRoot = process.getuid?.() === 0;

/** Holds a cluster that was made and stopped; copying it is quicker than making one for each test. */
let template: string;
let home: string;
let running: EmbeddedPostgres[];
let log: string[];

beforeAll(async () => {
  running = [];
  log = [];
  home = template = closedHome();
  await (await start()).stop();
});

afterAll(() => rmSync(template, { recursive: true, force: true }));

beforeEach(() => {
  running = [];
  log = [];
  home = closedHome();
  execFileSync('cp', ['-a', path.join(template, 'data'), home]);
});

afterEach(async () => {
  await Promise.all(running.map((postgres) => postgres.stop()));
  rmSync(home, { recursive: true, force: true });
});

/** Like a clone below somebody's home: nobody else can even walk through it. */
function closedHome(): string {
  const directory = mkdtempSync(path.join(os.tmpdir(), 'closed-home-'));
  chmodSync(directory, 0o700);
  return directory;
}

const dataDirectory = (): string => path.join(home, 'data/postgres');

async function prepare(): Promise<EmbeddedPostgres> {
  const postgres = await EmbeddedPostgres.prepare({
    dataDirectory: dataDirectory(),
    superuserPassword: 'a password with "quotes" & blanks',
    durable: false,
    dieWithParent: true,
    log: (line) => log.push(line),
  });
  running.push(postgres);
  return postgres;
}

async function start(): Promise<EmbeddedPostgres> {
  const postgres = await prepare();
  await postgres.start();
  return postgres;
}

const query = (postgres: EmbeddedPostgres, sql: string): Promise<unknown[]> =>
  withClient(postgres.superuserUrl, async (client) => (await client.query<Record<string, unknown>>(sql)).rows);

test('it runs below a closed directory, as root under another user, and sorts the same everywhere', async () => {
  const postgres = await start();
  expect(await query(postgres, 'SELECT current_setting($$server_version_num$$)::int / 10000 AS major')).toEqual([
    { major: 18 },
  ]);
  expect(await query(postgres, `SELECT datlocprovider, datlocale FROM pg_database WHERE datname = 'postgres'`)).toEqual(
    [{ datlocprovider: 'b', datlocale: 'C.UTF-8' }],
  );
  const status = readFileSync(`/proc/${postgres.process?.pid}/status`, 'utf8');
  const uid = Number(/^Uid:\s+(\d+)/m.exec(status)?.[1]);
  expect(uid === 0).toBe(false);
  if (isRoot) expect(uid).not.toBe(0);
  else expect(uid).toBe(process.getuid?.());
});

test('data survives stop and start', async () => {
  const first = await start();
  await query(first, 'CREATE TABLE note (text text)');
  await query(first, `INSERT INTO note VALUES ('kept')`);
  await first.stop();
  expect(await query(await start(), 'SELECT text FROM note')).toEqual([{ text: 'kept' }]);
});

test('after a SIGKILL of the server the next start recovers what was committed', async () => {
  const first = await start();
  await query(first, 'CREATE TABLE note (text text)');
  await query(first, `INSERT INTO note VALUES ('kept')`);
  first.process?.signal('SIGKILL');
  await first.process?.exited;
  expect(await query(await start(), 'SELECT text FROM note')).toEqual([{ text: 'kept' }]);
});

test('a server that an earlier run left behind is stopped, and its data opened', async () => {
  const first = await start();
  const pid = first.process?.pid ?? 0;
  const second = await start();
  expect(identify(pid)).toBeUndefined();
  expect(await query(second, 'SELECT 1 AS one')).toEqual([{ one: 1 }]);
  expect(log.join('\n')).toContain(`stopping the PostgreSQL (process ${pid})`);
});

test('a stale postmaster.pid that names a foreign process harms neither it nor the start', async () => {
  const first = await start();
  const noted = readFileSync(path.join(dataDirectory(), 'postmaster.pid'), 'utf8');
  await first.stop();
  // The pid of the old server now belongs to somebody else: to us.
  writeFileSync(path.join(dataDirectory(), 'postmaster.pid'), noted.replace(/^\d+/, String(process.pid)));
  const second = await start();
  expect(await query(second, 'SELECT 1 AS one')).toEqual([{ one: 1 }]);
});

test('a data directory of another version is refused with a way out', async () => {
  writeFileSync(path.join(dataDirectory(), 'PG_VERSION'), '15\n');
  await expect(prepare()).rejects.toThrow(/was made by PostgreSQL 15, 18 is needed: restore a backup/);
});

test('a directory that holds something else is refused', async () => {
  rmSync(path.join(dataDirectory(), 'PG_VERSION'));
  await expect(prepare()).rejects.toThrow(/is damaged \(no PG_VERSION in it\)/);
});

test('a damaged cluster ends in one sentence, with nothing left running', async () => {
  rmSync(path.join(dataDirectory(), 'global/pg_control'));
  const postgres = await prepare();
  await expect(postgres.start()).rejects.toThrow(/^(The database in|postgres ended)/);
  expect(processesIn(realpathSync(dataDirectory()))).toEqual([]);
});

test('a cluster that was cut short while it was made is made anew', async () => {
  renameSync(dataDirectory(), `${dataDirectory()}.new`);
  expect(await query(await start(), 'SELECT 1 AS one')).toEqual([{ one: 1 }]);
});
