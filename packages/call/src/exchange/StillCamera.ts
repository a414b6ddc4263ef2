import type { StillRequestId } from '@cloud-hospital/protocol';
import type { StillRequest } from '@cloud-hospital/protocol/rest';
import { TypedEmitter } from '../TypedEmitter.ts';
import type { Still } from './takeStill.ts';

/** How long the picture is shown before it leaves, so that whoever sits there can keep it back. Milliseconds. */
const PREVIEW_MS = 2_000;
/** A request that is older than this shows something else than what was asked for. Milliseconds. */
const OUTDATED_MS = 180_000;

export interface PreviewedStill extends Still {
  /** `blob:` address, good while it is shown. */
  readonly url: string;
}

export type StillCameraState =
  | { readonly phase: 'idle' }
  /** `asked`: by the specialist; else by whoever sits here. */
  | { readonly phase: 'taking' | 'failed'; readonly asked: boolean }
  | { readonly phase: 'preview'; readonly asked: boolean; readonly still: PreviewedStill };

/** @throws DOMException when the camera can't be had */
export type TakeStill = () => Promise<Still>;

export interface StillCameraOptions {
  readonly send: (still: Still, requestId: StillRequestId | null) => void;
  readonly decline: (requestId: StillRequestId, reason: 'discarded' | 'failed') => void;
  /** The server's time, by which requests are dated. Milliseconds. */
  readonly now: () => number;
}

const IDLE: StillCameraState = { phase: 'idle' };

/** The camera of a terminal or phone as a still camera: on request or on a press, shown first, then sent; one at a time. */
export class StillCamera {
  readonly #options: StillCameraOptions;
  readonly #events = new TypedEmitter<{ state: [] }>();
  readonly #handled = new Set<StillRequestId>();
  #state: StillCameraState = IDLE;
  #requestId: StillRequestId | null = null;
  #take: TakeStill;
  #timer: ReturnType<typeof setTimeout> | undefined;

  constructor(take: TakeStill, options: StillCameraOptions) {
    this.#take = take;
    this.#options = options;
  }

  /** The call's camera may be another one by now. */
  setSource(take: TakeStill): void {
    this.#take = take;
  }

  get state(): StillCameraState {
    return this.#state;
  }

  /** @returns the matching `off` */
  onState(listener: () => void): () => void {
    return this.#events.on('state', listener);
  }

  /** Heard as news, found as still open, or told again: it is answered once. */
  request({ stillRequestId, status, requestedAt }: StillRequest): void {
    if (status !== 'requested' || this.#handled.has(stillRequestId) || this.#isBusy()) return;
    this.#handled.add(stillRequestId);
    if (this.#options.now() - Date.parse(requestedAt) > OUTDATED_MS) this.#options.decline(stillRequestId, 'failed');
    else void this.#takeFor(stillRequestId);
  }

  /** Whoever sits here presses. */
  press(): void {
    if (!this.#isBusy()) void this.#takeFor(null);
  }

  /** Keeps the picture that is shown back. */
  discard(): void {
    if (this.#state.phase !== 'preview') return;
    if (this.#requestId !== null) this.#options.decline(this.#requestId, 'discarded');
    this.#become(IDLE);
  }

  /** Puts the note of a failure away. */
  dismiss(): void {
    if (this.#state.phase === 'failed') this.#become(IDLE);
  }

  #isBusy(): boolean {
    return this.#state.phase === 'taking' || this.#state.phase === 'preview';
  }

  async #takeFor(requestId: StillRequestId | null): Promise<void> {
    const asked = requestId !== null;
    this.#requestId = requestId;
    this.#become({ phase: 'taking', asked });
    try {
      const still = await this.#take();
      this.#become({ phase: 'preview', asked, still: { ...still, url: URL.createObjectURL(still.content) } });
      this.#timer = setTimeout(() => {
        this.#options.send(still, requestId);
        this.#become(IDLE);
      }, PREVIEW_MS);
    } catch (error) {
      if (!(error instanceof DOMException)) globalThis.reportError?.(error);
      if (requestId !== null) this.#options.decline(requestId, 'failed');
      this.#become({ phase: 'failed', asked });
    }
  }

  #become(state: StillCameraState): void {
    clearTimeout(this.#timer);
    if (this.#state.phase === 'preview') URL.revokeObjectURL(this.#state.still.url);
    this.#state = state;
    this.#events.emit('state');
  }
}
