import type { RecoveryStage } from '@cloud-hospital/protocol/socket';
import type { RecoveryEntry } from './callState.types.ts';

/** Stages that begin a trouble. */
const BEGINNINGS: ReadonlySet<RecoveryStage> = new Set(['signal-lost', 'media-lost', 'room-moved']);

/** Stamps each step of a recovery with its time and with the time since the trouble began. */
export class RecoveryLog {
  readonly #now: () => number;
  readonly #write: (entry: RecoveryEntry) => void;
  #lostAt: number | null = null;

  /** @param now milliseconds since the epoch */
  constructor(write: (entry: RecoveryEntry) => void, now: () => number = Date.now) {
    this.#write = write;
    this.#now = now;
  }

  log(stage: RecoveryStage, detail: string | null = null): void {
    const at = this.#now();
    if (this.#lostAt === null && BEGINNINGS.has(stage)) this.#lostAt = at;
    this.#write({ stage, at, sinceLossMs: this.#lostAt === null ? 0 : at - this.#lostAt, detail });
  }

  /** All is well again; the next trouble counts from its own beginning. */
  settled(): void {
    this.#lostAt = null;
  }
}
