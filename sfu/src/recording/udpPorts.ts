import { createSocket, type Socket } from 'node:dgram';
import { readFile } from 'node:fs/promises';
import { setTimeout as sleep } from 'node:timers/promises';

const LOOPBACK = '127.0.0.1';
const MAX_TRIES = 20;
const BOUND_POLL_MS = 10;

/** A port for RTP and the next one for RTCP, both free a moment ago: whoever takes them must expect a refusal. */
export async function findPortPair(): Promise<number> {
  for (let tries = 0; tries < MAX_TRIES; tries += 1) {
    const first = await bound(0);
    const { port } = first.address();
    try {
      if (port % 2 === 0) {
        (await bound(port + 1)).close();
        return port;
      }
    } catch {
      // The next one is somebody else's: another pair.
    } finally {
      first.close();
    }
  }
  throw new Error('no free pair of UDP ports');
}

function bound(port: number): Promise<Socket> {
  return new Promise((resolve, reject) => {
    const socket = createSocket('udp4');
    socket.once('error', (error) => {
      socket.close();
      reject(error);
    });
    socket.bind(port, LOOPBACK, () => {
      resolve(socket);
    });
  });
}

/** Resolves when all these ports are listened on, so that nothing sent there gets lost. */
export async function listenedOn(ports: readonly number[], signal: AbortSignal): Promise<void> {
  for (;;) {
    const table = await readFile('/proc/net/udp', 'utf8');
    if (ports.every((port) => table.includes(`:${port.toString(16).toUpperCase().padStart(4, '0')} `))) return;
    await sleep(BOUND_POLL_MS, undefined, { signal });
  }
}
