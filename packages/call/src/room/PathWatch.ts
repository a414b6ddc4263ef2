import { NEW_PATH, type PathState, pathVerdict } from './pathVerdict.ts';
import type { RoomSession } from './RoomSession.ts';

/** How often it is looked, milliseconds. What is played out costs next to nothing to ask. */
const LOOK_MS = 100;
/** The statistics of the sending transport are read with each second look, and with each one while nothing is heard. */
const READ_EVERY = 2;
/** Between two suspicions at least, milliseconds. */
const SUSPECT_AGAIN_MS = 1_500;
/** Nothing was seen or heard of the other side for so long, milliseconds. */
const SILENT_MS = 600;

export interface PathWatchListener {
  /** Answers are late: said again while they are. */
  suspected(): void;
  /** Nothing that is sent is answered any more, or it is again. */
  stalled(stalled: boolean): void;
  /** What we send is answered, yet the other side has fallen silent: its trouble, or that of our receiving transport. */
  silent(): void;
}

/** Notices within a second that the path to the media node is dead, where the browser's own ICE takes five to ten. */
export class PathWatch {
  readonly #session: () => RoomSession | null;
  readonly #listener: PathWatchListener;
  #timer: ReturnType<typeof setInterval> | undefined;
  #watched: RoomSession | null = null;
  #state: PathState = NEW_PATH;
  #looks = 0;
  /** Of the newest packet played out in this session, by its own clock. */
  #source = 0;
  /** Milliseconds, monotonic; `null` until something is heard in this session, and once its end was told. */
  #heardAt: number | null = null;
  #busy = false;
  #suspectedAt = Number.NEGATIVE_INFINITY;

  constructor(session: () => RoomSession | null, listener: PathWatchListener) {
    this.#session = session;
    this.#listener = listener;
  }

  /** Idempotent. */
  start(): void {
    this.#timer ??= setInterval(() => void this.#look(), LOOK_MS);
  }

  stop(): void {
    clearInterval(this.#timer);
    this.#timer = undefined;
  }

  async #look(): Promise<void> {
    const session = this.#session();
    if (session !== this.#watched) {
      this.#watched = session;
      this.#state = NEW_PATH;
      this.#source = 0;
      this.#heardAt = null;
    }
    if (!session || session.closed || session.rights !== 'active' || this.#busy) return;
    const quiet = this.#listen(session);
    this.#looks += 1;
    if (!quiet && this.#looks % READ_EVERY !== 0) return;
    this.#busy = true;
    try {
      const counters = await session.send.counters();
      if (session.closed || this.#timer === undefined || this.#watched !== session) return;
      this.#conclude(pathVerdict(this.#state, { at: performance.now(), ...counters }));
    } finally {
      this.#busy = false;
    }
  }

  /** @returns whether nothing new was played out since the last look */
  #listen(session: RoomSession): boolean {
    const source = session.receive.newestSource();
    const now = performance.now();
    if (source > this.#source) {
      this.#source = source;
      this.#heardAt = now;
      return false;
    }
    if (this.#heardAt !== null && now - this.#heardAt > SILENT_MS && !this.#state.stalled) {
      this.#heardAt = null;
      this.#listener.silent();
    }
    return true;
  }

  #conclude(next: PathState): void {
    const turned = next.stalled !== this.#state.stalled;
    this.#state = next;
    const now = performance.now();
    if (next.suspect && now - this.#suspectedAt > SUSPECT_AGAIN_MS) {
      this.#suspectedAt = now;
      this.#listener.suspected();
    }
    if (turned) this.#listener.stalled(next.stalled);
  }
}
