import { mkdtemp, rm } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { NodeAnnouncement, nodeAnnouncementKey } from '@cloud-hospital/protocol/sfu';
import { createClient } from 'redis';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { RedisServer } from '../../infra/src/redis/RedisServer.ts';
import { newRoomId, TestNode, TestPeer } from './support.ts';

const KEY = nodeAnnouncementKey('sfu-test');

let directory: string;
let redis: RedisServer;
let node: TestNode | undefined;
beforeEach(async () => {
  directory = await mkdtemp(path.join(os.tmpdir(), 'sfu-announcement-'));
  redis = RedisServer.prepare({ directory, dieWithParent: true, log: () => undefined });
});
afterEach(async () => {
  await node?.close();
  node = undefined;
  await redis.stop();
  await rm(directory, { recursive: true, force: true });
});

/** The node's announcement as another process reads it, or null. */
async function readAnnouncement(): Promise<NodeAnnouncement | null> {
  const client = createClient({ url: redis.url() });
  client.on('error', () => {
    // The command below rejects with it.
  });
  await client.connect();
  try {
    const text = await client.get(KEY);
    return text === null ? null : NodeAnnouncement.parse(JSON.parse(text));
  } finally {
    client.destroy();
  }
}

const isAnnounced = () => vi.waitFor(async () => expect(await readAnnouncement()).not.toBeNull(), { timeout: 10_000 });

test('a node announces where it is, how loaded, and takes it back when it ends', async () => {
  await redis.start();
  node = await TestNode.start({ redisUrl: redis.url() });
  await isAnnounced();
  expect(await readAnnouncement()).toMatchObject({
    nodeId: 'sfu-test',
    controlUrl: node.node.controlUrl,
    incarnation: node.node.incarnation,
    workers: 1,
    rooms: 0,
    draining: false,
  });
  await new TestPeer(await node.link(), newRoomId()).join();
  await vi.waitFor(async () => expect(await readAnnouncement()).toMatchObject({ rooms: 1, peers: 1 }), {
    timeout: 5_000,
  });
  await node.close();
  expect(await readAnnouncement()).toBeNull();
});

test('without Redis a node starts and works, and announces itself once Redis is there', async () => {
  node = await TestNode.start({ redisUrl: redis.url() });
  const link = await node.link();
  await new TestPeer(link, newRoomId()).join();
  await redis.start();
  await isAnnounced();
});

test('a killed and wiped Redis harms nothing, and knows the node again within seconds', async () => {
  await redis.start();
  node = await TestNode.start({ redisUrl: redis.url() });
  await isAnnounced();
  redis.process?.signal('SIGKILL');
  const link = await node.link();
  await new TestPeer(link, newRoomId()).join();
  await redis.start();
  const startedAt = performance.now();
  await isAnnounced();
  expect(performance.now() - startedAt).toBeLessThan(8_000);
});

test('a Redis that hangs holds up nothing', async () => {
  await redis.start();
  node = await TestNode.start({ redisUrl: redis.url() });
  await isAnnounced();
  redis.process?.signal('SIGSTOP');
  const link = await node.link();
  await new TestPeer(link, newRoomId()).join();
  const startedAt = performance.now();
  await node.node.close();
  expect(performance.now() - startedAt).toBeLessThan(4_000);
  redis.process?.signal('SIGCONT');
});

test('a node whose Redis is gone for good still ends', async () => {
  await redis.start();
  node = await TestNode.start({ redisUrl: redis.url() });
  await isAnnounced();
  await redis.stop();
  const startedAt = performance.now();
  await node.node.drain();
  expect(performance.now() - startedAt).toBeLessThan(3_000);
});
