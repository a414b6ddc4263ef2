import { AppError } from '@cloud-hospital/protocol';
import type { SocketRequestData, SocketResponseData } from '@cloud-hospital/protocol/socket';
import { randomUUID } from 'node:crypto';
import { RateLimiterMemory, RateLimiterRes } from 'rate-limiter-flexible';
import { iceServersFor } from '../sfu/iceServers.ts';
import type { SfuLink } from '../sfu/SfuLink.ts';
import type { RoomServices } from '../operations/room/RoomServices.ts';
import type { ServerSocket } from './socketTypes.ts';

/** Whoever tests again and again learns nothing new; tests a quarter of an hour. */
const TESTS = { points: 8, duration: 900 };

interface Running {
  readonly testId: string;
  readonly link: SfuLink;
}

/**
 * Line tests of this replica's sockets: one a socket, few a person, and only its own can be named. Nothing is kept; the
 * media node ends each by itself after seconds.
 */
export class LineTestDesk {
  readonly #running = new Map<ServerSocket, Running>();
  readonly #limiter = new RateLimiterMemory(TESTS);

  /** @throws AppError RATE_LIMITED, MEDIA_UNAVAILABLE without a node */
  async start(services: RoomServices, socket: ServerSocket): Promise<SocketResponseData<'line-test:start'>> {
    await this.#admit(socket);
    await this.end(socket);
    const { config, sfu } = services;
    const node = sfu.directory.pick();
    if (node === undefined) throw new AppError('MEDIA_UNAVAILABLE');
    const testId = randomUUID();
    const { link } = node;
    this.#running.set(socket, { testId, link });
    socket.once('disconnect', () => void this.end(socket).catch(() => undefined));
    const answer = await link.request('line-test:start', { testId });
    const iceServers = iceServersFor(config.TURN_URLS, config.secrets.turnSecret, testId, Date.now());
    return { ...answer, iceServers };
  }

  /** @throws AppError NOT_FOUND without a running test, and those of the node */
  async connect(socket: ServerSocket, data: SocketRequestData<'line-test:connect'>): Promise<void> {
    const { testId, link } = this.#assertAndGet(socket);
    await link.request('line-test:connect', { ...data, testId });
  }

  /** @throws AppError as `connect` */
  loop(socket: ServerSocket, data: SocketRequestData<'line-test:loop'>): Promise<SocketResponseData<'line-test:loop'>> {
    const { testId, link } = this.#assertAndGet(socket);
    return link.request('line-test:loop', { ...data, testId });
  }

  /** Ending what isn't there succeeds. */
  async end(socket: ServerSocket): Promise<void> {
    const running = this.#running.get(socket);
    if (running === undefined) return;
    this.#running.delete(socket);
    await running.link.request('line-test:end', { testId: running.testId });
  }

  #assertAndGet(socket: ServerSocket): Running {
    const running = this.#running.get(socket);
    if (running === undefined) throw new AppError('NOT_FOUND');
    return running;
  }

  async #admit(socket: ServerSocket): Promise<void> {
    const { actor } = socket.data;
    try {
      await this.#limiter.consume(actor.deviceId ?? actor.userId ?? actor.sessionId);
    } catch (error) {
      if (error instanceof RateLimiterRes) throw new AppError('RATE_LIMITED');
      throw error;
    }
  }
}
