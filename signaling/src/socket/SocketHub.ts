import type { SocketNotificationName } from '@cloud-hospital/protocol/socket';
import { socketNotifications } from '@cloud-hospital/protocol/socket';
import type { EndReason } from '../auth/Sessions.ts';
import { topic } from '../domain/topics.ts';
import type { Services } from '../Services.ts';
import type { SocketServer } from './socketTypes.ts';

/** What happened, for those who act on it rather than pass it on. */
export type DomainEvent = {
  readonly topics: readonly string[];
  readonly name: SocketNotificationName;
  readonly data: unknown;
};

const isNotification = (name: string): name is SocketNotificationName => Object.hasOwn(socketNotifications, name);

export interface HubReactions {
  readonly onEvent: (event: DomainEvent) => void;
  readonly onClose: () => void;
}

/** The browsers connected to this replica, as the rest of it sees them. */
export class SocketHub {
  readonly #services: Services;
  readonly #io: SocketServer;
  readonly #reactions: HubReactions;
  #draining = false;

  constructor(services: Services, io: SocketServer, reactions: HubReactions) {
    this.#services = services;
    this.#io = io;
    this.#reactions = reactions;
  }

  get isDraining(): boolean {
    return this.#draining;
  }

  get connected(): number {
    return this.#io.of('/').sockets.size;
  }

  /**
   * Emits one event of the outbox to every browser here that listens to one of its topics, each at most once, and lets
   * this replica act on it. `session:ended` also cuts the sockets.
   */
  emitToTopics(topics: readonly string[], name: string, data: unknown): void {
    if (!isNotification(name)) {
      this.#services.log.error({ name }, 'unknown notification in the outbox');
      return;
    }
    const audience = this.#io.to([...topics]);
    audience.emit(name, data);
    this.#reactions.onEvent({ topics, name, data });
    if (name === 'session:ended') audience.disconnectSockets(true);
  }

  /** A session ended without an event that reached us, or by the clock. */
  sessionEnded(sessionId: string, reason: EndReason): void {
    this.emitToTopics([topic.session(sessionId)], 'session:ended', { reason });
  }

  /**
   * Asks the browsers to move to another replica. From now on a lost socket means that its browser moved: its media and
   * its presence stay as they are.
   */
  drain(): void {
    if (this.#draining) return;
    this.#draining = true;
    this.#io.emit('server:draining', {});
  }

  /** Idempotent. The HTTP server is closed by whoever made it. */
  async close(): Promise<void> {
    this.#draining = true;
    this.#reactions.onClose();
    this.#io.disconnectSockets(true);
    this.#io.engine.close();
    await Promise.resolve();
  }
}
