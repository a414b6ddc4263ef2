import type { Logger } from 'pino';
import { createClient } from 'redis';

/** Wakes the outbox tails of all replicas after a commit. Redis carries no content, and may be gone at any moment. */
export class RedisBus {
  readonly #publisher: ReturnType<typeof createClient>;
  readonly #subscriber: ReturnType<typeof createClient>;
  readonly #channel: string;
  readonly #log: Logger;

  private constructor(url: string, prefix: string, log: Logger) {
    // Without a connection commands fail at once instead of queueing up behind a Redis that may never return.
    const options = {
      url,
      disableOfflineQueue: true,
      socket: { reconnectStrategy: (retries: number) => Math.min(100 + retries * 100, 2_000), connectTimeout: 2_000 },
    };
    this.#publisher = createClient(options);
    this.#subscriber = createClient({ ...options, disableOfflineQueue: false });
    this.#channel = `${prefix}:outbox`;
    this.#log = log;
    for (const client of [this.#publisher, this.#subscriber]) {
      client.on('error', (error: Error) => log.debug({ err: error }, 'redis connection'));
    }
  }

  /** Does not wait for Redis: the tail polls until it is there. */
  static create(url: string, prefix: string, log: Logger, onWake: () => void): RedisBus {
    const bus = new RedisBus(url, prefix, log);
    const connect = async (): Promise<void> => {
      await bus.#publisher.connect();
      await bus.#subscriber.connect();
      await bus.#subscriber.subscribe(bus.#channel, onWake);
    };
    connect().catch((error: unknown) => log.warn({ err: error }, 'redis is away; the outbox is polled'));
    return bus;
  }

  wakeOthers(): void {
    if (!this.#publisher.isReady) return;
    this.#publisher
      .publish(this.#channel, '')
      .catch((error: unknown) => this.#log.debug({ err: error }, 'wake-up not published'));
  }

  close(): void {
    for (const client of [this.#publisher, this.#subscriber]) if (client.isOpen) client.destroy();
  }
}
