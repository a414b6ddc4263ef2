import type { LocalSource } from '../callState.types.ts';
import { SCREEN_CONSTRAINTS } from './encodings.ts';

interface ScreenCaptureListener {
  /** What is to be sent from now on; `null`: nothing. */
  readonly track: (track: MediaStreamTrack | null) => void;
  readonly changed: (patch: Partial<LocalSource>) => void;
  /** The browser, or the system it runs on, doesn't let this page see the screen. */
  readonly failed: (failed: boolean) => void;
}

/** Phones have none. */
export const canShareScreen = (): boolean => 'getDisplayMedia' in (globalThis.navigator?.mediaDevices ?? {});

const OFF: LocalSource = { status: 'off', deviceId: null, label: null, trackId: null };

/** The own screen, a window or a tab, as the person chose it in the browser's own dialog. */
export class ScreenCapture {
  readonly #listener: ScreenCaptureListener;
  #track: MediaStreamTrack | null = null;
  #asking = false;
  #closed = false;

  constructor(listener: ScreenCaptureListener) {
    this.#listener = listener;
  }

  get track(): MediaStreamTrack | null {
    return this.#track;
  }

  /** To be called from a press: the browser shows its dialog. Closing the dialog is no trouble. */
  async start(): Promise<void> {
    if (this.#closed || this.#asking || this.#track !== null || !canShareScreen()) return;
    this.#asking = true;
    this.#listener.failed(false);
    this.#listener.changed({ status: 'starting' });
    try {
      const stream = await navigator.mediaDevices.getDisplayMedia({ video: SCREEN_CONSTRAINTS, audio: false });
      const [track] = stream.getVideoTracks();
      if (track === undefined) throw new DOMException('no track', 'NotReadableError');
      if (this.#closed) track.stop();
      else this.#use(track);
    } catch (error) {
      this.#listener.changed(OFF);
      if (!(error instanceof DOMException)) throw error;
      // NotAllowedError: the person closed the dialog, as a rule.
      this.#listener.failed(error.name !== 'NotAllowedError' && error.name !== 'AbortError');
    } finally {
      this.#asking = false;
    }
  }

  /** Idempotent. */
  stop(): void {
    const track = this.#track;
    if (track === null) return;
    this.#track = null;
    track.stop();
    this.#listener.track(null);
    this.#listener.changed(OFF);
  }

  close(): void {
    this.#closed = true;
    this.#track?.stop();
    this.#track = null;
  }

  #use(track: MediaStreamTrack): void {
    this.#track = track;
    // Letters before smoothness, for the encoder as well.
    track.contentHint = 'text';
    // The browser's own button, or the window that was shared is closed.
    track.addEventListener('ended', () => {
      if (this.#track === track) this.stop();
    });
    this.#listener.track(track);
    this.#listener.changed({ status: 'live', label: track.label, trackId: track.id });
  }
}
