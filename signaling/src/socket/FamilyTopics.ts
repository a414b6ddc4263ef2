import { type Topic, topic } from '../domain/topics.ts';
import type { Services } from '../Services.ts';
import { heardPatients } from '../store/family.ts';
import type { ServerSocket, SocketServer } from './socketTypes.ts';

/** With the moment it takes this stays below the 5 s that a subscription may outlive its relation. Milliseconds. */
const INTERVAL_MS = 3_000;

/**
 * Keeps what a resident's socket hears of family members in step with the relations: at connection, at once when a
 * relation changed anywhere, and every few seconds for what an event missed (a child that came of age, a card that was
 * seen, a socket that connected in the same instant).
 */
export class FamilyTopics {
  readonly #services: Services;
  readonly #io: SocketServer;
  readonly #joined = new WeakMap<ServerSocket, ReadonlySet<Topic>>();
  readonly #timer: NodeJS.Timeout;
  #last: Promise<void> = Promise.resolve();

  constructor(services: Services, io: SocketServer) {
    this.#services = services;
    this.#io = io;
    this.#timer = setInterval(() => this.#start(this.#residents()), INTERVAL_MS);
  }

  close(): void {
    clearInterval(this.#timer);
  }

  connected(socket: ServerSocket): void {
    if (socket.data.actor.role === 'resident') this.#start([socket]);
  }

  /** The relations of these accounts changed. */
  changed(accountIds: readonly string[]): void {
    const accounts = new Set(accountIds);
    this.#start(this.#residents().filter(({ data }) => accounts.has(data.actor.userId ?? '')));
  }

  #residents(): ServerSocket[] {
    return [...this.#io.of('/').sockets.values()].filter(({ data }) => data.actor.role === 'resident');
  }

  /** One after the other, so that an older answer never undoes a newer one. */
  #start(sockets: readonly ServerSocket[]): void {
    this.#last = this.#last
      .then(() => this.#refresh(sockets))
      .catch((error: unknown) => {
        this.#services.log.warn({ err: error }, 'family topics not refreshed; the next round will');
      });
  }

  async #refresh(sockets: readonly ServerSocket[]): Promise<void> {
    const accounts = new Set(sockets.map(({ data }) => data.actor.userId).filter((id) => id !== null));
    if (accounts.size === 0) return;
    const heard = Map.groupBy(await heardPatients(this.#services.db, [...accounts]), ({ accountId }) => accountId);
    for (const socket of sockets) {
      const { userId, patientId } = socket.data.actor;
      const own = heard.get(userId ?? '') ?? [];
      const wanted = new Set(
        own.filter((one) => one.patientId !== patientId).map((one) => topic.patient(one.patientId)),
      );
      for (const before of this.#joined.get(socket) ?? []) if (!wanted.has(before)) void socket.leave(before);
      void socket.join([...wanted]);
      this.#joined.set(socket, wanted);
    }
  }
}
