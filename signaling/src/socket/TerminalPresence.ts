import { noteSilentTerminals, noteTerminals } from '../operations/terminal/presence.ts';
import type { Services } from '../Services.ts';
import { everyRound } from './everyRound.ts';
import type { ServerSocket, SocketServer } from './socketTypes.ts';

/** Three times within the 15 s after which a terminal counts as offline. Milliseconds. */
const INTERVAL_MS = 5_000;

/** Tells PostgreSQL which terminals hold a socket here, so that board, worklist and queue know who can be called. */
export class TerminalPresence {
  readonly #services: Services;
  readonly #io: SocketServer;
  readonly #stop: () => void;

  constructor(services: Services, io: SocketServer) {
    this.#services = services;
    this.#io = io;
    this.#stop = everyRound(INTERVAL_MS, () => this.#note());
  }

  /** A terminal that connects can be called at once. */
  connected({ data }: ServerSocket): void {
    if (data.actor.deviceId === null) return;
    noteTerminals(this.#services, [data.actor.deviceId]).catch((error: unknown) => {
      this.#services.log.warn({ err: error }, 'terminal not noted; the next round will');
    });
  }

  close(): void {
    this.#stop();
  }

  async #note(): Promise<void> {
    const held = new Set<string>();
    for (const { data } of this.#io.of('/').sockets.values()) {
      if (data.actor.deviceId !== null) held.add(data.actor.deviceId);
    }
    try {
      await noteTerminals(this.#services, [...held]);
      await noteSilentTerminals(this.#services);
    } catch (error) {
      this.#services.log.warn({ err: error }, 'terminals not noted; the next round will');
    }
  }
}
