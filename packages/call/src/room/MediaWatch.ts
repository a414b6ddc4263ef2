import type { TransportDirection } from '@cloud-hospital/protocol/socket';
import type { types } from 'mediasoup-client';
import type { Warmth } from '../callState.types.ts';
import type { Repair } from './RepairQueue.ts';

/** Both transports of a fresh join are up by then, or it is tried anew; milliseconds. */
const JOIN_PATIENCE_MS = 8_000;
/** New ICE credentials have worked by then, or new transports are needed; milliseconds. */
const RESTART_PATIENCE_MS = 4_000;
/** Open, both transports up, and nobody sends: connected all the same after this; milliseconds. */
const SILENCE_GRACE_MS = 3_000;

export interface MediaWatchListener {
  /** Media is up in an open room. May be said again. */
  connected(): void;
  /** Media had been up and is lost. Said once per loss. */
  lost(detail: string): void;
  /** Media is back after a loss. Said once per loss. */
  restored(): void;
  warmth(warmth: Warmth): void;
  repair(repair: Repair): void;
}

const isBroken = (state: types.ConnectionState): boolean => state === 'disconnected' || state === 'failed';

/**
 * Decides from the states of the two transports and from the flow of packets whether media is up, and asks for the
 * next repair when it isn't. Knows nothing of signaling.
 */
export class MediaWatch {
  readonly #listener: MediaWatchListener;
  #states: Record<TransportDirection, types.ConnectionState> = { send: 'new', recv: 'new' };
  #sends = false;
  #active = false;
  #flowing = false;
  #graceOver = false;
  #lost = false;
  #stalled = false;
  #warmth: Warmth = 'cold';
  #patience: ReturnType<typeof setTimeout> | undefined;
  #grace: ReturnType<typeof setTimeout> | undefined;

  constructor(listener: MediaWatchListener) {
    this.#listener = listener;
  }

  /** At least one transport is known to be down. */
  get broken(): boolean {
    return this.#stalled || isBroken(this.#states.send) || isBroken(this.#states.recv);
  }

  /** Media was there, or should be, and isn't. */
  get lost(): boolean {
    return this.#lost;
  }

  get up(): boolean {
    return !this.#stalled && this.#states.recv === 'connected' && (!this.#sends || this.#states.send === 'connected');
  }

  /** A new join: both transports start from nothing. */
  joined(): void {
    this.#states = { send: 'new', recv: 'new' };
    this.#stalled = false;
    this.#resetFlow();
    this.#expectWithin(JOIN_PATIENCE_MS);
    this.#setWarmth('warming');
  }

  /** Whether there is anything to send; without, the sending transport never connects and isn't missed. */
  expectSending(sends: boolean): void {
    this.#sends = sends;
    this.#evaluate();
  }

  setActive(active: boolean): void {
    if (this.#active === active) return;
    this.#active = active;
    this.#resetFlow();
    this.#evaluate();
  }

  transportChanged(direction: TransportDirection, state: types.ConnectionState): void {
    this.#states[direction] = state;
    if (isBroken(state)) {
      this.markLost(`${direction}-${state}`);
      this.#listener.repair('restart-ice');
    }
    this.#evaluate();
  }

  /** The path is dead although the transports don't say so yet, or it answers again. */
  setStalled(stalled: boolean): void {
    if (stalled && !this.up) return;
    this.#stalled = stalled;
    if (stalled) {
      this.markLost('stalled');
      this.#listener.repair('restart-ice');
    }
    this.#evaluate();
  }

  /** The first packet of a consumer has been played out. */
  flowing(): void {
    this.#flowing = true;
    this.#evaluate();
  }

  /** ICE was restarted on both transports. */
  restarted(): void {
    this.#expectWithin(RESTART_PATIENCE_MS);
  }

  /** Media is known to be lost for a reason that the transports don't show (yet), e.g. the room moved. */
  markLost(detail: string): void {
    if (this.#lost || !this.#active) return;
    this.#lost = true;
    this.#listener.lost(detail);
  }

  close(): void {
    clearTimeout(this.#patience);
    clearTimeout(this.#grace);
  }

  #resetFlow(): void {
    this.#flowing = false;
    this.#graceOver = false;
    clearTimeout(this.#grace);
    this.#grace = undefined;
  }

  #expectWithin(milliseconds: number): void {
    clearTimeout(this.#patience);
    this.#patience = setTimeout(() => {
      if (!this.up) this.#listener.repair('rejoin');
    }, milliseconds);
  }

  #setWarmth(warmth: Warmth): void {
    if (this.#warmth === warmth) return;
    this.#warmth = warmth;
    this.#listener.warmth(warmth);
  }

  #evaluate(): void {
    if (!this.up) return;
    clearTimeout(this.#patience);
    this.#setWarmth('ready');
    if (!this.#active) return;
    if (!this.#flowing && !this.#graceOver) {
      this.#grace ??= setTimeout(() => {
        this.#graceOver = true;
        this.#evaluate();
      }, SILENCE_GRACE_MS);
      return;
    }
    if (this.#lost) {
      this.#lost = false;
      this.#listener.restored();
    }
    this.#listener.connected();
  }
}
