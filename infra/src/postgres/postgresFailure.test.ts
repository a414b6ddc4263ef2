import { expect, test } from 'vitest';
import { explainPostgresFailure } from './postgresFailure.ts';

const explain = (...lines: string[]): string | undefined => explainPostgresFailure(lines, '/srv/data/postgres');

test('a full disk is called a full disk', () => {
  const line = 'FATAL:  could not write lock file "postmaster.pid": No space left on device';
  expect(explain(line)).toMatch(/^The disk that holds the database \(\/srv\/data\/postgres\) is full/);
});

test('data of another version points to a backup', () => {
  expect(explain('FATAL:  database files are incompatible with server')).toContain('another version of PostgreSQL');
});

test('a server that still runs there is named as the reason', () => {
  expect(explain('FATAL:  lock file "postmaster.pid" already exists')).toContain('Another PostgreSQL still uses');
});

test('damage says what PostgreSQL found and what to do', () => {
  const line = '2026-11-23 21:00:00.000 UTC [42] PANIC:  could not locate a valid checkpoint record at 0/1B81008';
  expect(explain('LOG:  starting', line)).toBe(
    "The database in /srv/data/postgres can't be opened (could not locate a valid checkpoint record at 0/1B81008): " +
      'restore a backup (infra/backup), or move the directory away to begin with an empty one.',
  );
});

test('a log without a fatal line explains nothing', () => {
  expect(explain('LOG:  database system is ready to accept connections')).toBeUndefined();
});
