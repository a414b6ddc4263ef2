import { topic } from '../domain/topics.ts';
import { type HeldPhone, notePhones, noteSilentPhones, phoneIsHere } from '../operations/phoneVisit/presence.ts';
import type { Services } from '../Services.ts';
import type { ActorContext } from '../store/command.ts';
import { everyRound } from './everyRound.ts';
import type { ServerSocket } from './socketTypes.ts';

/** Three times within the 15 s after which a phone counts as away. Milliseconds. */
const INTERVAL_MS = 5_000;

/** Which pages of residents wait here for the call of their visit by phone: they are rung, and count as there. */
export class PhonePresence {
  readonly #services: Services;
  readonly #held = new Map<ServerSocket, HeldPhone>();
  /** What each socket said last; a page may leave while the database is asked about it. */
  readonly #said = new WeakMap<ServerSocket, symbol>();
  readonly #watched = new WeakSet<ServerSocket>();
  readonly #stop: () => void;

  constructor(services: Services) {
    this.#services = services;
    this.#stop = everyRound(INTERVAL_MS, () => this.#note());
  }

  /** @throws AppError NOT_FOUND */
  async hold(socket: ServerSocket, context: ActorContext, encounterId: string): Promise<void> {
    const saying = Symbol(encounterId);
    this.#said.set(socket, saying);
    await phoneIsHere(this.#services, context, encounterId);
    if (!socket.connected || this.#said.get(socket) !== saying) return;
    this.#drop(socket);
    this.#held.set(socket, { accountId: context.agent.userId, encounterId });
    await socket.join(topic.phone(encounterId));
    // A page says it each time it is shown again: one listener is enough.
    if (this.#watched.has(socket)) return;
    this.#watched.add(socket);
    socket.once('disconnect', () => this.#held.delete(socket));
  }

  /** The page is no longer shown: it can't ring. */
  release(socket: ServerSocket): void {
    this.#said.delete(socket);
    this.#drop(socket);
  }

  close(): void {
    this.#stop();
  }

  #drop(socket: ServerSocket): void {
    const held = this.#held.get(socket);
    if (held === undefined) return;
    this.#held.delete(socket);
    void socket.leave(topic.phone(held.encounterId));
  }

  async #note(): Promise<void> {
    try {
      const lost = new Set(await notePhones(this.#services, [...this.#held.values()]));
      for (const [socket, held] of this.#held) if (lost.has(held)) this.#drop(socket);
      await noteSilentPhones(this.#services);
    } catch (error) {
      this.#services.log.warn({ err: error }, 'phones not noted; the next round will');
    }
  }
}
