import pg from 'pg';
import { afterAll, beforeAll, expect, inject, test } from 'vitest';
import { createTestDatabase, createTestRedis, type TestDatabase } from '../../support/stack.ts';

let database: TestDatabase;

beforeAll(async () => {
  database = await createTestDatabase();
});

afterAll(async () => {
  await database.drop();
});

async function query(url: string, sql: string): Promise<unknown[]> {
  const client = new pg.Client({ connectionString: url });
  await client.connect();
  try {
    return (await client.query<Record<string, unknown>>(sql)).rows;
  } finally {
    await client.end();
  }
}

test('a test database is migrated, and the application may read but not change its schema', async () => {
  expect(await query(database.url, 'SELECT count(*)::int AS n FROM organization')).toEqual([{ n: 0 }]);
  await expect(query(database.url, 'CREATE TABLE intruder (id int)')).rejects.toThrow(/permission denied/);
  await expect(query(database.url, 'DROP TABLE audit_event')).rejects.toThrow(/must be owner/);
});

test('two test databases share nothing', async () => {
  const other = await createTestDatabase();
  await query(other.ownerUrl, `INSERT INTO department (code, name_zh, name_en) VALUES ('x', 'x', 'x')`);
  expect(await query(database.url, 'SELECT * FROM department')).toEqual([]);
  await other.drop();
});

test('each test file gets a Redis database number and a prefix of its own', async () => {
  const [one, two] = await Promise.all([createTestRedis(), createTestRedis()]);
  expect(one.url).not.toBe(two.url);
  expect(one.prefix).not.toBe(two.prefix);
});

test('the worker is at hand', () => {
  expect(inject('servers').workerBin).not.toBe('');
});
