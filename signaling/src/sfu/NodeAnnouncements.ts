import { NODE_ANNOUNCEMENT_PATTERN, NodeAnnouncement } from '@cloud-hospital/protocol/sfu';
import type { Logger } from 'pino';
import { createClient } from 'redis';

export interface NodeAnnouncementsOptions {
  readonly url: string;
  readonly log: Logger;
  /** All nodes that announce themselves now; not called while Redis is away, so that what was known stays known. */
  readonly onRead: (announcements: readonly NodeAnnouncement[]) => void;
}

/** Nodes renew their announcement each second. Milliseconds. */
const READ_INTERVAL_MS = 1_000;
/** Looking for unknown nodes walks through all keys, of which jobs may be a hundred thousand: more rarely. Milliseconds. */
const SCAN_INTERVAL_MS = 5_000;

/** Reads the media nodes' announcements from Redis each second. */
export class NodeAnnouncements {
  readonly #options: NodeAnnouncementsOptions;
  readonly #client: ReturnType<typeof createClient>;
  #timer: NodeJS.Timeout | undefined;
  #closed = false;
  #keys: string[] = [];
  #scannedAt = Number.NEGATIVE_INFINITY;

  constructor(options: NodeAnnouncementsOptions) {
    this.#options = options;
    this.#client = createClient({
      url: options.url,
      disableOfflineQueue: true,
      socket: { reconnectStrategy: (retries) => Math.min(100 + retries * 100, 2_000), connectTimeout: 2_000 },
    });
    this.#client.on('error', (error: Error) => options.log.debug({ err: error }, 'redis connection of announcements'));
    this.#client.on('ready', () => this.#readNow());
    this.#client.connect().catch((error: unknown) => {
      if (!this.#closed) options.log.warn({ err: error }, 'redis is away; known media nodes stay known');
    });
  }

  close(): void {
    this.#closed = true;
    clearTimeout(this.#timer);
    if (this.#client.isOpen) this.#client.destroy();
  }

  #readNow(): void {
    clearTimeout(this.#timer);
    this.#read()
      .catch((error: unknown) => this.#options.log.debug({ err: error }, 'announcements not read'))
      .finally(() => {
        if (!this.#closed) this.#timer = setTimeout(() => this.#readNow(), READ_INTERVAL_MS);
      });
  }

  async #read(): Promise<void> {
    if (!this.#client.isReady) return;
    if (this.#keys.length === 0 || performance.now() - this.#scannedAt > SCAN_INTERVAL_MS) await this.#scan();
    const texts = this.#keys.length === 0 ? [] : await this.#client.mGet(this.#keys);
    const announcements: NodeAnnouncement[] = [];
    for (const text of texts) {
      if (text === null) continue;
      const parsed = NodeAnnouncement.safeParse(parseJson(text));
      if (parsed.success) announcements.push(parsed.data);
      else this.#options.log.warn({ err: parsed.error }, 'malformed announcement of a media node');
    }
    this.#options.onRead(announcements);
  }

  async #scan(): Promise<void> {
    this.#scannedAt = performance.now();
    const keys = new Set<string>();
    for await (const batch of this.#client.scanIterator({ MATCH: NODE_ANNOUNCEMENT_PATTERN, COUNT: 2_000 })) {
      for (const key of batch) keys.add(key);
    }
    this.#keys = [...keys];
  }
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    // Not JSON is as malformed as a wrong shape, and is logged as such.
    return undefined;
  }
}
