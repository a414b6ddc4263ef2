import { RateLimiterMemory, RateLimiterRes } from 'rate-limiter-flexible';

/** A join with all its consumers is some 30 packets; nobody needs more than this. Packets a second. */
const PACKETS_PER_SECOND = 100;
/** Packets that no client of ours sends; a client with so many in a minute is cut. */
const ABUSES_PER_MINUTE = 100;

export type Verdict = 'pass' | 'too-many' | 'cut';

/** Limits what one connection may send. In memory: a connection belongs to one replica. */
export class PacketLimiter {
  readonly #packets = new RateLimiterMemory({ points: PACKETS_PER_SECOND, duration: 1 });
  readonly #abuses = new RateLimiterMemory({ points: ABUSES_PER_MINUTE, duration: 60 });

  /** Before a packet is looked at. */
  async admit(connection: string): Promise<Verdict> {
    if (await consume(this.#packets, connection)) return 'pass';
    return (await this.abuse(connection)) ? 'cut' : 'too-many';
  }

  /** A packet was malformed or one too many. @returns whether that was one too often */
  async abuse(connection: string): Promise<boolean> {
    return !(await consume(this.#abuses, connection));
  }
}

async function consume(limiter: RateLimiterMemory, key: string): Promise<boolean> {
  try {
    await limiter.consume(key);
    return true;
  } catch (error) {
    // The library rejects with its result, not with an error, when the points are used up.
    if (error instanceof RateLimiterRes) return false;
    throw error;
  }
}
