import type { CallProblemCode, LocalSource } from '../callState.types.ts';
import { TypedEmitter } from '../TypedEmitter.ts';
import { CAMERA_CONSTRAINTS, MICROPHONE_CONSTRAINTS } from './encodings.ts';
import { type CaptureSource, problemCode, problemsOf, troubleOf } from './mediaProblem.ts';

type LocalMediaEvents = {
  source: [source: CaptureSource, patch: Partial<LocalSource>];
  /** What is to be sent from now on; `null`: nothing. */
  track: [source: CaptureSource, track: MediaStreamTrack | null];
  paused: [source: CaptureSource, paused: boolean];
  problem: [code: CallProblemCode, present: boolean];
};

interface Capture {
  track: MediaStreamTrack | null;
  /** The device that the person chose; `null`: the browser's default. */
  deviceId: string | null;
  /** Whether the person wants it on. */
  on: boolean;
  /** Rises with each request to the browser: an older answer that comes late is dropped. */
  attempt: number;
}

/** Devices announce themselves in bursts (a headset is three of them); milliseconds. */
const DEVICE_CHANGE_SETTLE_MS = 300;

/**
 * Owns the local camera and microphone: takes them, switches them, says what is wrong with them, and takes them
 * again when they come back. A source that can't be had never stops the other one.
 *
 * Muting disables the microphone's track (back at once); switching the camera off stops it (its light goes out).
 */
export class LocalMedia {
  readonly #events = new TypedEmitter<LocalMediaEvents>();
  readonly #captures: Record<CaptureSource, Capture> = {
    microphone: { track: null, deviceId: null, on: true, attempt: 0 },
    camera: { track: null, deviceId: null, on: true, attempt: 0 },
  };
  #settling: ReturnType<typeof setTimeout> | undefined;
  #started = false;
  #closed = false;

  on<Name extends keyof LocalMediaEvents>(name: Name, listener: (...args: LocalMediaEvents[Name]) => void): () => void {
    return this.#events.on(name, listener);
  }

  track(source: CaptureSource): MediaStreamTrack | null {
    return this.#captures[source].track;
  }

  isOn(source: CaptureSource): boolean {
    return this.#captures[source].on;
  }

  /** Takes what there is. Never rejects because of a device; see the `problem` events. Idempotent. */
  async start(): Promise<void> {
    if (this.#started || this.#closed) return;
    this.#started = true;
    if (!globalThis.navigator.mediaDevices) {
      this.#events.emit('problem', 'insecure-context', true);
      for (const source of ['microphone', 'camera'] as const) this.#say(source, { status: 'unavailable' });
      return;
    }
    navigator.mediaDevices.addEventListener('devicechange', this.#onDeviceChange);
    if (!this.#captures.camera.on) await this.#take('microphone');
    else if (!(await this.#takeBoth())) await Promise.all([this.#take('microphone'), this.#take('camera')]);
  }

  /** Mutes or unmutes, switches off or on. */
  async setOn(source: CaptureSource, on: boolean): Promise<void> {
    const capture = this.#captures[source];
    if (this.#closed || capture.on === on) return;
    capture.on = on;
    if (!this.#started) return;
    if (source === 'microphone' && capture.track) {
      capture.track.enabled = on;
      this.#events.emit('paused', source, !on);
      this.#say(source, { status: on ? 'live' : 'paused' });
      return;
    }
    if (on) await this.#take(source);
    else this.#release(source, 'paused');
  }

  /** Switches to another device, now or when the source is switched on. Remembered over losing and finding it. */
  async select(source: CaptureSource, deviceId: string): Promise<void> {
    const capture = this.#captures[source];
    if (this.#closed || (capture.deviceId === deviceId && capture.track)) return;
    capture.deviceId = deviceId;
    this.#say(source, { deviceId });
    if (this.#started && (capture.on || source === 'microphone')) await this.#take(source);
  }

  /** Tries again whatever should be on and isn't. */
  async retry(): Promise<void> {
    if (!this.#started) return this.start();
    const missing = (['microphone', 'camera'] as const).filter((source) => this.#isMissing(source));
    await Promise.all(missing.map((source) => this.#take(source)));
  }

  close(): void {
    if (this.#closed) return;
    this.#closed = true;
    clearTimeout(this.#settling);
    globalThis.navigator.mediaDevices?.removeEventListener('devicechange', this.#onDeviceChange);
    for (const capture of Object.values(this.#captures)) {
      capture.track?.stop();
      capture.track = null;
    }
    this.#events.removeAll();
  }

  #isMissing(source: CaptureSource): boolean {
    const { track, on } = this.#captures[source];
    return track === null && (on || source === 'microphone');
  }

  /**
   * One prompt for both. @returns false when it failed as a whole; asking one by one then tells which one is missing.
   */
  async #takeBoth(): Promise<boolean> {
    const { microphone, camera } = this.#captures;
    const attempts = [++microphone.attempt, ++camera.attempt];
    for (const source of ['microphone', 'camera'] as const) this.#say(source, { status: 'starting' });
    try {
      const stream = await navigator.mediaDevices.getUserMedia({
        audio: MICROPHONE_CONSTRAINTS,
        video: CAMERA_CONSTRAINTS,
      });
      const overtaken = microphone.attempt !== attempts[0] || camera.attempt !== attempts[1];
      for (const track of stream.getTracks()) {
        if (this.#closed || overtaken) track.stop();
        else this.#use(track.kind === 'audio' ? 'microphone' : 'camera', track);
      }
      return !overtaken;
    } catch (error) {
      if (error instanceof DOMException) return false;
      throw error;
    }
  }

  async #take(source: CaptureSource): Promise<void> {
    const capture = this.#captures[source];
    const attempt = ++capture.attempt;
    if (capture.track === null) this.#say(source, { status: 'starting' });
    try {
      const track = await this.#open(source, capture.deviceId);
      if (this.#closed || capture.attempt !== attempt) track.stop();
      else this.#use(source, track);
    } catch (error) {
      if (this.#closed || capture.attempt !== attempt) return;
      // The old device, if there is one, goes on being used.
      const trouble = problemCode(source, troubleOf(error));
      for (const code of problemsOf(source)) this.#events.emit('problem', code, code === trouble);
      if (capture.track === null) this.#say(source, { status: 'unavailable', trackId: null });
    }
  }

  /** @throws DOMException of getUserMedia */
  async #open(source: CaptureSource, deviceId: string | null): Promise<MediaStreamTrack> {
    const wanted = source === 'microphone' ? MICROPHONE_CONSTRAINTS : CAMERA_CONSTRAINTS;
    // `ideal`, not `exact`: a device that is gone is replaced by another rather than by nothing.
    const constraints = { ...wanted, ...(deviceId === null ? {} : { deviceId: { ideal: deviceId } }) };
    const stream = await navigator.mediaDevices.getUserMedia(
      source === 'microphone' ? { audio: constraints } : { video: constraints },
    );
    const [track] = stream.getTracks();
    if (!track) throw new DOMException('no track', 'NotFoundError');
    return track;
  }

  #use(source: CaptureSource, track: MediaStreamTrack): void {
    const capture = this.#captures[source];
    // Switched off while the browser was still opening it.
    if (!capture.on && source === 'camera') {
      track.stop();
      return;
    }
    const previous = capture.track;
    capture.track = track;
    track.enabled = capture.on;
    if (source === 'microphone') track.contentHint = 'speech';
    track.addEventListener('ended', () => this.#ended(source, track));
    for (const code of problemsOf(source)) this.#events.emit('problem', code, false);
    this.#events.emit('track', source, track);
    this.#say(source, {
      status: capture.on ? 'live' : 'paused',
      deviceId: track.getSettings().deviceId ?? null,
      label: track.label,
      trackId: track.id,
    });
    previous?.stop();
  }

  /** `ended` comes from the device (unplugged, permission withdrawn), never from our own `stop()`. */
  #ended(source: CaptureSource, track: MediaStreamTrack): void {
    if (this.#captures[source].track !== track) return;
    this.#events.emit('problem', problemCode(source, 'lost'), true);
    this.#release(source, 'unavailable');
    // Another device may be there already.
    this.#onDeviceChange();
  }

  #release(source: CaptureSource, status: 'paused' | 'unavailable'): void {
    const capture = this.#captures[source];
    capture.attempt += 1;
    const { track } = capture;
    capture.track = null;
    this.#events.emit('track', source, null);
    this.#say(source, { status, trackId: null });
    track?.stop();
  }

  readonly #onDeviceChange = (): void => {
    clearTimeout(this.#settling);
    this.#settling = setTimeout(() => void this.#takeWhatCameBack(), DEVICE_CHANGE_SETTLE_MS);
  };

  async #takeWhatCameBack(): Promise<void> {
    const present = new Set((await navigator.mediaDevices.enumerateDevices()).map((device) => device.kind));
    const back = (['microphone', 'camera'] as const).filter(
      (source) => this.#isMissing(source) && present.has(source === 'microphone' ? 'audioinput' : 'videoinput'),
    );
    if (!this.#closed) await Promise.all(back.map((source) => this.#take(source)));
  }

  #say(source: CaptureSource, patch: Partial<LocalSource>): void {
    if (!this.#closed) this.#events.emit('source', source, patch);
  }
}
