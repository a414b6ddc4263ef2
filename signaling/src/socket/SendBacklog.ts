import type { ServerSocket } from './socketTypes.ts';

type Connection = ServerSocket['conn'];

/** What may wait for one browser that does not read. Bytes. */
const MAX_BACKLOG_BYTES = 1024 * 1024;
/** Packets that the kernel has not taken for this long: the browser reads nothing. Milliseconds. */
const MAX_STALL_MS = 10_000;
const CHECK_INTERVAL_MS = 1_000;

const sizeOf = (packet: unknown): number => {
  if (typeof packet !== 'object' || packet === null || !('data' in packet)) return 0;
  const { data } = packet;
  if (typeof data === 'string') return data.length;
  return data instanceof Uint8Array ? data.byteLength : 0;
};

/** One connection's unsent bytes: queued in Engine.IO, or handed to the socket and not yet taken by the kernel. */
interface Backlog {
  readonly connection: Connection;
  queued: number;
  sending: number;
  since: number | undefined;
}

/**
 * Cuts browsers that connect and do not read, before what waits for them hurts the others. (One that also answers no
 * ping is cut by the heartbeat within 5 s.)
 */
export class SendBacklog {
  readonly #backlogs = new Set<Backlog>();
  readonly #onCut: (bytes: number) => void;
  readonly #timer: NodeJS.Timeout;

  constructor(onCut: (bytes: number) => void) {
    this.#onCut = onCut;
    this.#timer = setInterval(() => this.#check(), CHECK_INTERVAL_MS);
  }

  watch(connection: Connection): void {
    const backlog: Backlog = { connection, queued: 0, sending: 0, since: undefined };
    this.#backlogs.add(backlog);
    connection.on('packetCreate', (packet: unknown) => {
      backlog.queued += sizeOf(packet);
      if (backlog.queued + backlog.sending > MAX_BACKLOG_BYTES) this.#cut(backlog);
    });
    connection.on('flush', () => {
      backlog.sending += backlog.queued;
      backlog.queued = 0;
      backlog.since ??= performance.now();
    });
    connection.transport.on('drain', () => {
      backlog.sending = 0;
      backlog.since = undefined;
    });
    connection.once('close', () => this.#backlogs.delete(backlog));
  }

  close(): void {
    clearInterval(this.#timer);
    this.#backlogs.clear();
  }

  #check(): void {
    const now = performance.now();
    for (const backlog of this.#backlogs) {
      if (backlog.since !== undefined && now - backlog.since > MAX_STALL_MS) this.#cut(backlog);
    }
  }

  #cut(backlog: Backlog): void {
    if (!this.#backlogs.delete(backlog)) return;
    const { connection, queued, sending } = backlog;
    this.#onCut(queued + sending);
    connection.close(true);
    // A closing handshake would wait behind what is never read.
    connection.request.socket.destroy();
  }
}
