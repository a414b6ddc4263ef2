import { readdirSync, readFileSync } from 'node:fs';
import { setTimeout as sleep } from 'node:timers/promises';
import { signedInResidents } from '../../support/signedInResidents.ts';
import { BareServer } from '../BareServer.ts';
import type { BenchDatabase } from '../BenchDatabase.ts';
import type { Row } from '../Row.ts';
import { connectAll } from '../waitingClients.ts';

const KB = 1_024;
const MESSAGES = 20;
const SETTLE_MS = 2_000;
const PATIENCE_MS = 60_000;

/** Resident memory of all signaling processes that run from this data directory, bytes. */
function signalingMemory(dataDirectory: string): number {
  const pids = readdirSync(`${dataDirectory}/run`).filter((name) => /^signaling.*\.pid\.json$/.test(name));
  return pids.reduce((sum, name) => {
    const pid = /"pid":\s*(\d+)/.exec(readFileSync(`${dataDirectory}/run/${name}`, 'utf8'))?.[1];
    const rss = /VmRSS:\s+(\d+) kB/.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))?.[1];
    return sum + Number(rss) * KB;
  }, 0);
}

interface Measured {
  readonly bytesPerConnection: number;
  readonly messagesPerSecond: number;
}

async function measure(
  url: string,
  cookies: readonly string[],
  event: string,
  memory: () => number | Promise<number>,
  emit: () => unknown,
): Promise<Measured> {
  const before = await memory();
  const sockets = await connectAll(url, cookies);
  await sleep(SETTLE_MS);
  const bytesPerConnection = ((await memory()) - before) / cookies.length;
  let arrived = 0;
  for (const socket of sockets) {
    socket.on(event, () => {
      arrived += 1;
    });
  }
  const startedAt = performance.now();
  await emit();
  const all = MESSAGES * cookies.length;
  while (arrived < all && performance.now() - startedAt < PATIENCE_MS) await sleep(5);
  const messagesPerSecond = arrived / ((performance.now() - startedAt) / 1_000);
  for (const socket of sockets) socket.disconnect();
  await sleep(SETTLE_MS);
  return { bytesPerConnection, messagesPerSecond };
}

/** Row 11: what a waiting page costs signaling, beside the same number of sockets at a bare Socket.IO server. */
export async function waitingRoomRow(
  url: string,
  database: BenchDatabase,
  dataDirectory: string,
  full: boolean,
): Promise<Row> {
  const clients = full ? 5_000 : 1_000;
  const measureOurs = async (count: number): Promise<Measured> => {
    const people = await signedInResidents(database.pool, count);
    const topics = people.map(({ patientId }) => `patient:${patientId}`);
    return measure(
      url,
      people.map(({ cookie }) => cookie),
      'worklist:changed',
      () => signalingMemory(dataDirectory),
      () =>
        database.rows(
          `INSERT INTO outbox (topics, name, data) SELECT $1, 'worklist:changed', '{}' FROM generate_series(1, $2::int)`,
          [topics, MESSAGES],
        ),
    );
  };
  // Once for what only the first connections cost: code, pools, prepared statements.
  await measureOurs(50);
  const growth: string[] = [];
  for (const factor of full ? [1 / 16, 1 / 4] : []) {
    growth.push(((await measureOurs(Math.round(clients * factor))).bytesPerConnection / KB).toFixed(1));
  }
  const ours = await measureOurs(clients);
  growth.push((ours.bytesPerConnection / KB).toFixed(1));
  const server = await BareServer.start();
  try {
    const bare = await measure(
      server.url,
      Array.from({ length: clients }, () => ''),
      'tick',
      () => server.memory(),
      () => server.emit(MESSAGES),
    );
    return {
      number: 11,
      metric: `waiting room: ${clients} connected pages, 2 replicas`,
      goal: '≤ 2 × bare',
      result: `${(ours.bytesPerConnection / KB).toFixed(1)} kB a connection, ${Math.round(ours.messagesPerSecond)} messages/s`,
      yardstick:
        `bare Socket.IO: ${(bare.bytesPerConnection / KB).toFixed(1)} kB, ${Math.round(bare.messagesPerSecond)} messages/s; ` +
        `${(ours.bytesPerConnection / bare.bytesPerConnection).toFixed(1)} × the memory`,
      figures: {
        clients,
        bytesPerConnection: ours.bytesPerConnection,
        bareBytesPerConnection: bare.bytesPerConnection,
        messagesPerSecond: ours.messagesPerSecond,
        bareMessagesPerSecond: bare.messagesPerSecond,
        kBAtSixteenthQuarterAll: full ? growth.join(' / ') : null,
      },
    };
  } finally {
    server.stop();
  }
}
