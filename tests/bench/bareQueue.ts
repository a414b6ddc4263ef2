import { setTimeout as sleep } from 'node:timers/promises';
import { createNodeRedisClient, Queue, Worker } from 'bullmq';
import { createClient, type RedisClientType } from 'redis';

const NAME = 'bare';
const CONCURRENCY = 8;

/** How late BullMQ by itself runs delayed jobs on this Redis, milliseconds: the yardstick of our own jobs. */
export async function bareQueueLateness(
  redisUrl: string,
  count: number,
  firstDueMs: number,
  spreadMs: number,
): Promise<number[]> {
  const clients: RedisClientType[] = [];
  const connection = (): ReturnType<typeof createNodeRedisClient> => {
    const client: RedisClientType = createClient({ url: redisUrl });
    clients.push(client);
    return createNodeRedisClient(client);
  };
  const late: number[] = [];
  const queue = new Queue<{ dueAt: number }>(NAME, { connection: connection() });
  const worker = new Worker<{ dueAt: number }>(
    NAME,
    (job) => {
      late.push(Math.max(0, Date.now() - job.data.dueAt));
      return Promise.resolve();
    },
    { connection: connection(), concurrency: CONCURRENCY },
  );
  for (let index = 0; index < count; index += 1) {
    const delay = firstDueMs + (index / count) * spreadMs;
    await queue.add('due', { dueAt: Date.now() + delay }, { delay, removeOnComplete: true });
  }
  while (late.length < count) await sleep(20);
  await worker.close();
  for (const client of clients) if (client.isOpen) client.destroy();
  return late;
}
