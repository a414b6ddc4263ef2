import type { CallProblemCode, LocalSource, SoundSettings } from '../callState.types.ts';
import { TypedEmitter } from '../TypedEmitter.ts';
import { CAMERA_CONSTRAINTS, MICROPHONE_CONSTRAINTS } from './encodings.ts';
import { CAPTURE_SOURCES, type CaptureSource, problemCode, problemsOf, troubleOf } from './mediaProblem.ts';
import { recallDevices, rememberDevices } from './rememberedDevices.ts';

type LocalMediaEvents = {
  source: [source: CaptureSource, patch: Partial<LocalSource>];
  /** What is to be sent from now on; `null`: nothing. */
  track: [source: CaptureSource, track: MediaStreamTrack | null];
  paused: [source: CaptureSource, paused: boolean];
  problem: [code: CallProblemCode, present: boolean];
  /** How many cameras are plugged in. */
  cameras: [count: number];
  /** Another microphone may have been treated otherwise before. */
  sound: [sound: SoundSettings];
};

interface Capture {
  track: MediaStreamTrack | null;
  /** The device that the person chose, now or in an earlier call; `null`: the browser's default. */
  deviceId: string | null;
  /** Whether the person wants it on. */
  on: boolean;
  /** Rises with each request to the browser: an older answer that comes late is dropped. */
  attempt: number;
}

const USUAL_SOUND: SoundSettings = { noiseSuppression: true, echoCancellation: true };
/** Devices announce themselves in bursts (a headset is three of them); milliseconds. */
const DEVICE_CHANGE_SETTLE_MS = 300;

const inputOf = (source: CaptureSource): MediaDeviceKind => (source === 'microphone' ? 'audioinput' : 'videoinput');

/**
 * Owns the local cameras and the microphone: takes them, switches them, says what is wrong with them, and takes them
 * again when they come back. A source that can't be had never stops the others.
 *
 * Muting disables the microphone's track (back at once); switching a camera off stops it (its light goes out). The
 * examination camera is off until somebody wants to see it, and is never the camera that shows the face.
 */
export class LocalMedia {
  readonly #events = new TypedEmitter<LocalMediaEvents>();
  readonly #captures: Record<CaptureSource, Capture>;
  #sounds: Readonly<Record<string, SoundSettings>>;
  #settling: ReturnType<typeof setTimeout> | undefined;
  #started = false;
  #closed = false;

  constructor() {
    const known = recallDevices();
    const capture = (source: CaptureSource): Capture => ({
      track: null,
      deviceId: known[source] ?? null,
      on: source !== 'examination',
      attempt: 0,
    });
    this.#captures = {
      microphone: capture('microphone'),
      camera: capture('camera'),
      examination: capture('examination'),
    };
    this.#sounds = known.sound ?? {};
  }

  on<Name extends keyof LocalMediaEvents>(name: Name, listener: (...args: LocalMediaEvents[Name]) => void): () => void {
    return this.#events.on(name, listener);
  }

  track(source: CaptureSource): MediaStreamTrack | null {
    return this.#captures[source].track;
  }

  isOn(source: CaptureSource): boolean {
    return this.#captures[source].on;
  }

  /** Of the microphone that is chosen. */
  get sound(): SoundSettings {
    return this.#sounds[this.#microphoneKey] ?? USUAL_SOUND;
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
    await this.#countCameras();
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
    if (on) {
      await this.#take(source);
      return;
    }
    for (const code of problemsOf(source)) this.#events.emit('problem', code, false);
    this.#release(source, source === 'examination' ? 'off' : 'paused');
  }

  /** Switches to another device, now or when the source is switched on. Remembered for the next calls too. */
  async select(source: CaptureSource, deviceId: string): Promise<void> {
    const capture = this.#captures[source];
    if (this.#closed || (capture.deviceId === deviceId && capture.track)) return;
    capture.deviceId = deviceId;
    rememberDevices({ [source]: deviceId });
    this.#say(source, { deviceId });
    if (source === 'microphone') this.#events.emit('sound', this.sound);
    if (this.#started && (capture.on || source === 'microphone')) await this.#take(source);
  }

  /** How the chosen microphone's sound is treated. Remembered for that microphone. */
  async setSound(change: Partial<SoundSettings>): Promise<void> {
    const before = this.sound;
    const sound = { ...before, ...change };
    const isSame =
      sound.noiseSuppression === before.noiseSuppression && sound.echoCancellation === before.echoCancellation;
    if (this.#closed || isSame) return;
    this.#sounds = { ...this.#sounds, [this.#microphoneKey]: sound };
    rememberDevices({ sound: this.#sounds });
    this.#events.emit('sound', sound);
    // Most browsers can't change it on an open device: a fresh track goes into the same sender.
    if (this.#started && this.#captures.microphone.track) await this.#take('microphone');
  }

  /** Tries again whatever should be on and isn't. */
  async retry(): Promise<void> {
    if (!this.#started) return this.start();
    await Promise.all(CAPTURE_SOURCES.filter((source) => this.#isMissing(source)).map((source) => this.#take(source)));
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

  get #microphoneKey(): string {
    return this.#captures.microphone.deviceId ?? '';
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
        audio: this.#constraints('microphone'),
        video: this.#constraints('camera'),
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
      const track = await this.#open(source);
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

  #constraints(source: CaptureSource): MediaTrackConstraints {
    const { deviceId } = this.#captures[source];
    const wanted = source === 'microphone' ? { ...MICROPHONE_CONSTRAINTS, ...this.sound } : CAMERA_CONSTRAINTS;
    // `ideal`, not `exact`: a device that is gone is replaced by another rather than by nothing.
    return { ...wanted, ...(deviceId === null ? {} : { deviceId: { ideal: deviceId } }) };
  }

  /** @throws DOMException of getUserMedia, and when there is no second camera */
  async #open(source: CaptureSource): Promise<MediaStreamTrack> {
    const wanted =
      source === 'examination'
        ? { ...CAMERA_CONSTRAINTS, deviceId: { exact: await this.#secondCamera() } }
        : this.#constraints(source);
    const stream = await navigator.mediaDevices.getUserMedia(
      source === 'microphone' ? { audio: wanted } : { video: wanted },
    );
    const [track] = stream.getTracks();
    if (!track) throw new DOMException('no track', 'NotFoundError');
    return track;
  }

  /** The one that was chosen for examinations, or any that doesn't show the face. @throws DOMException without one */
  async #secondCamera(): Promise<string> {
    const { camera, examination } = this.#captures;
    const face = camera.track?.getSettings().deviceId ?? camera.deviceId;
    const others = (await navigator.mediaDevices.enumerateDevices()).filter(
      ({ kind, deviceId }) => kind === 'videoinput' && deviceId !== face,
    );
    const found = others.find(({ deviceId }) => deviceId === examination.deviceId) ?? others[0];
    if (found === undefined) throw new DOMException('no second camera', 'NotFoundError');
    return found.deviceId;
  }

  #use(source: CaptureSource, track: MediaStreamTrack): void {
    const capture = this.#captures[source];
    // Switched off while the browser was still opening it.
    if (!capture.on && source !== 'microphone') {
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

  #release(source: CaptureSource, status: LocalSource['status']): void {
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
    this.#settling = setTimeout(() => void this.#lookAtDevices(), DEVICE_CHANGE_SETTLE_MS);
  };

  /** Lets go of what was pulled out without a word, and takes what came back: the chosen device before any other. */
  async #lookAtDevices(): Promise<void> {
    const devices = await navigator.mediaDevices.enumerateDevices();
    if (this.#closed) return;
    const isThere = (source: CaptureSource, id: string | undefined | null): boolean =>
      devices.some(({ kind, deviceId }) => kind === inputOf(source) && deviceId === id);
    for (const source of CAPTURE_SOURCES) {
      const { track } = this.#captures[source];
      const id = track?.getSettings().deviceId;
      if (track && id !== undefined && id !== '' && !isThere(source, id)) this.#ended(source, track);
    }
    const wanted = CAPTURE_SOURCES.filter((source) => {
      const { track, deviceId } = this.#captures[source];
      const steppedIn = track !== null && deviceId !== null && track.getSettings().deviceId !== deviceId;
      const present = devices.some(({ kind }) => kind === inputOf(source));
      return (this.#isMissing(source) && present) || (steppedIn && isThere(source, deviceId));
    });
    // One after the other: the second camera must know which one shows the face.
    for (const source of wanted) await this.#take(source);
    await this.#countCameras();
  }

  async #countCameras(): Promise<void> {
    const devices = await navigator.mediaDevices.enumerateDevices();
    if (!this.#closed) this.#events.emit('cameras', devices.filter(({ kind }) => kind === 'videoinput').length);
  }

  #say(source: CaptureSource, patch: Partial<LocalSource>): void {
    if (!this.#closed) this.#events.emit('source', source, patch);
  }
}
