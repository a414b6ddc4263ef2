import { statSync } from 'node:fs';
import path from 'node:path';
import { createClient } from 'redis';
import { afterEach, beforeEach, expect, inject, test } from 'vitest';
import { RedisServer } from '../../../infra/src/redis/RedisServer.ts';

let redis: RedisServer;

beforeEach(async () => {
  const { directory } = inject('servers');
  redis = RedisServer.prepare({
    directory: path.join(directory, 'own-redis'),
    dieWithParent: true,
    log: () => undefined,
  });
  await redis.start();
});

afterEach(() => redis.stop());

const connect = () => createClient({ url: redis.url() });

async function withRedis<T>(task: (client: ReturnType<typeof connect>) => Promise<T>): Promise<T> {
  const client = connect();
  client.on('error', () => undefined);
  await client.connect();
  try {
    return await task(client);
  } finally {
    client.destroy();
  }
}

test('it listens on a socket that only its owner can reach, and on no port', async () => {
  expect(statSync(redis.socketDirectory).mode & 0o777).toBe(0o700);
  const port = await withRedis((client) => client.configGet('port'));
  expect(port).toEqual({ port: '0' });
});

test('killed and started again it serves under the same address, and has forgotten everything', async () => {
  await withRedis((client) => client.set('presence', 'here'));
  redis.process?.signal('SIGKILL');
  await redis.process?.exited;
  await redis.start();
  expect(await withRedis((client) => client.get('presence'))).toBeNull();
});

test('jobs are never evicted', async () => {
  expect(await withRedis((client) => client.configGet('maxmemory-policy'))).toEqual({
    'maxmemory-policy': 'noeviction',
  });
});
