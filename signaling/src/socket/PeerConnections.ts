import type { PeerId } from '@cloud-hospital/protocol';
import type { SfuNotificationData, TransportDirection } from '@cloud-hospital/protocol/sfu';

type State = SfuNotificationData<'peer:connection-changed'>['state'];

/** What the media node said last of one peer's transports; `seeded` until it speaks of them one by one. */
interface Known {
  seeded: boolean;
  readonly states: Map<TransportDirection, State>;
  connected: boolean;
}

const isBroken = (state: State): boolean => state === 'disconnected' || state === 'failed';

/**
 * One word a peer out of its two transports: connected when one is up and none is broken. A transport that was never
 * used, or was replaced, says nothing.
 */
export class PeerConnections {
  readonly #peers = new Map<PeerId, Known>();

  /** The whole state, as an answer to a join gives it. */
  seed(peerId: PeerId, connected: boolean): void {
    this.#peers.set(peerId, { seeded: connected, states: new Map(), connected });
  }

  forget(peerId: PeerId): void {
    this.#peers.delete(peerId);
  }

  isConnected(peerId: PeerId): boolean {
    return this.#peers.get(peerId)?.connected ?? false;
  }

  /** @returns the new word when it changed, undefined otherwise */
  update(peerId: PeerId, direction: TransportDirection, state: State): boolean | undefined {
    const known = this.#peers.get(peerId) ?? {
      seeded: false,
      states: new Map<TransportDirection, State>(),
      connected: false,
    };
    this.#peers.set(peerId, known);
    if (state === 'closed' || state === 'new') known.states.delete(direction);
    else known.states.set(direction, state);
    const states = [...known.states.values()];
    if (states.length > 0 && states.every(isBroken)) known.seeded = false;
    const connected = !states.some(isBroken) && (states.includes('connected') || known.seeded);
    if (connected === known.connected) return undefined;
    known.connected = connected;
    return connected;
  }
}
