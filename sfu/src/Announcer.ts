import { setTimeout } from 'node:timers/promises';
import { nodeAnnouncementKey, type NodeAnnouncement } from '@cloud-hospital/protocol/sfu';
import type { Logger } from 'pino';
import { createClient } from 'redis';
import { inBackground } from './inBackground.ts';

export type AnnouncerOptions = {
  readonly redisUrl: string;
  readonly logger: Logger;
  readonly describe: () => NodeAnnouncement;
};

const INTERVAL_MS = 1_000;
/** Redis forgets the node when three announcements in a row are missing. Milliseconds. */
const EXPIRY_MS = 3_000;
/** How long the end of the node waits for Redis; what isn't withdrawn expires. Milliseconds. */
const FAREWELL_MS = 500;

const createRedisClient = (url: string) =>
  createClient({
    url,
    // What couldn't be said this second is stale the next: nothing is kept for later.
    disableOfflineQueue: true,
    socket: {
      connectTimeout: 2_000,
      // A Redis that hangs or lost its network answers nothing: the connection is given up and tried anew.
      socketTimeout: 2_500,
      reconnectStrategy: (retries) => Math.min(100 * 2 ** Math.min(retries, 5), 2_000),
    },
  });

/**
 * Tells Redis each second that this node lives. Redis may be absent, hang, lose everything or come back at any moment:
 * the node works without it and its key is there again a second after Redis is.
 */
export class Announcer {
  readonly #options: AnnouncerOptions;
  readonly #client: ReturnType<typeof createRedisClient>;
  readonly #timer: NodeJS.Timeout;
  #announcing = false;
  #heard = true;
  #closed = false;

  constructor(options: AnnouncerOptions) {
    this.#options = options;
    this.#client = createRedisClient(options.redisUrl);
    this.#client.on('error', this.#onError);
    this.#client.on('ready', this.#onReady);
    inBackground(this.#connect(), options.logger);
    this.#timer = setInterval(this.#onReady, INTERVAL_MS);
  }

  /** Announces now, out of turn; for changes that cannot wait. */
  async announce(): Promise<void> {
    if (this.#announcing || this.#closed || !this.#client.isReady) return;
    this.#announcing = true;
    const announcement = this.#options.describe();
    try {
      await this.#client.set(nodeAnnouncementKey(announcement.nodeId), JSON.stringify(announcement), {
        expiration: { type: 'PX', value: EXPIRY_MS },
      });
      if (!this.#heard) this.#options.logger.info('announced again');
      this.#heard = true;
    } catch (error) {
      this.#complain(error);
    } finally {
      this.#announcing = false;
    }
  }

  /** Takes the announcement back, if Redis listens, and doesn't wait long for it; idempotent. */
  async close(): Promise<void> {
    if (this.#closed) return;
    this.#closed = true;
    clearInterval(this.#timer);
    const patience = new AbortController();
    await Promise.race([this.#withdraw(), setTimeout(FAREWELL_MS, undefined, { signal: patience.signal })]);
    patience.abort();
    this.#client.off('ready', this.#onReady);
    // 'error' keeps its listener: destroying a client that is connecting may still emit one, and unheard it would be thrown.
    if (this.#client.isOpen) this.#client.destroy();
  }

  async #withdraw(): Promise<void> {
    try {
      if (this.#client.isReady) await this.#client.del(nodeAnnouncementKey(this.#options.describe().nodeId));
    } catch (error) {
      this.#options.logger.debug({ err: error }, 'announcement not withdrawn: it expires by itself');
    }
  }

  readonly #onReady = (): void => {
    inBackground(this.announce(), this.#options.logger);
  };

  readonly #onError = (error: unknown): void => {
    this.#complain(error);
  };

  async #connect(): Promise<void> {
    try {
      await this.#client.connect();
    } catch (error) {
      // Only when closed before the first connection; everything else is retried inside.
      this.#complain(error);
    }
  }

  /** Once for each silence, not once a second. */
  #complain(error: unknown): void {
    if (this.#closed) return;
    if (this.#heard) this.#options.logger.warn({ err: error }, 'Redis does not hear the announcement');
    this.#heard = false;
  }
}
