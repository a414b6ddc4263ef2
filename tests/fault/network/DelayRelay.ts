import { createSocket, type RemoteInfo, type Socket } from 'node:dgram';
import { setTimeout as sleep } from 'node:timers/promises';

export interface RelayOptions {
  /** Where browsers send to: what the media node announces. */
  readonly address: string;
  readonly port: number;
  /** Where the media node really listens, under the same port. */
  readonly target: string;
}

/** Each way, milliseconds. */
export interface Delay {
  readonly delayMs: number;
  /** Added at random, up to this much. Packets overtake each other by it. */
  readonly jitterMs?: number;
}

/** Delay, jitter and reordering for UDP: what a kernel without netem can't do. One socket a browser's address. */
export class DelayRelay {
  delay: Delay = { delayMs: 0 };
  readonly #options: RelayOptions;
  readonly #near = createSocket('udp4');
  readonly #far = new Map<string, Socket>();
  #closed = false;

  private constructor(options: RelayOptions) {
    this.#options = options;
    this.#near.on('message', (packet, from) => void this.#forward(packet, from));
  }

  static async start(options: RelayOptions): Promise<DelayRelay> {
    const relay = new DelayRelay(options);
    await new Promise<void>((resolve, reject) => {
      relay.#near.once('error', reject);
      relay.#near.bind(options.port, options.address, resolve);
    });
    return relay;
  }

  close(): void {
    this.#closed = true;
    this.#near.close();
    for (const socket of this.#far.values()) socket.close();
  }

  async #forward(packet: Buffer, from: RemoteInfo): Promise<void> {
    const far = this.#farOf(from);
    await this.#wait();
    if (!this.#closed) far.send(packet, this.#options.port, this.#options.target);
  }

  #farOf(browser: RemoteInfo): Socket {
    const key = `${browser.address}:${browser.port}`;
    const known = this.#far.get(key);
    if (known !== undefined) return known;
    const socket = createSocket('udp4');
    this.#far.set(key, socket);
    const back = async (packet: Buffer): Promise<void> => {
      await this.#wait();
      if (!this.#closed) this.#near.send(packet, browser.port, browser.address);
    };
    socket.on('message', (packet) => void back(packet));
    return socket;
  }

  async #wait(): Promise<void> {
    const { delayMs, jitterMs = 0 } = this.delay;
    if (delayMs + jitterMs > 0) await sleep(delayMs + Math.random() * jitterMs);
  }
}
