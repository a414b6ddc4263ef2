/** What a picture of 720 lines takes until it is sharp, bit. */
const PICTURE_BITS = 160_000;
/** What the voice needs with its overhead, bit/s. */
const VOICE = 55_000;
/** Between two pictures, milliseconds. The longest is still well within the 5 s after which the media node takes the layer for dead. */
const SHORTEST_MS = 1_500;
const LONGEST_MS = 4_500;
/** Lines: as sharp as the camera, unless it is sharper than a call needs. */
const MOST_LINES = 720;

/** The camera as a slide: one whole picture every few seconds, as a track that goes into the same sender. */
export class StillsTrack {
  readonly track: CanvasCaptureMediaStreamTrack;
  readonly #video = document.createElement('video');
  readonly #canvas = document.createElement('canvas');
  #timer: ReturnType<typeof setTimeout> | undefined;
  #everyMs = SHORTEST_MS;

  /** @param camera goes on being owned by whoever opened it @param uplink as for `setUplink` */
  constructor(camera: MediaStreamTrack, uplink: number | null) {
    if (uplink !== null) this.setUplink(uplink);
    const { width = 1_280, height = 720 } = camera.getSettings();
    const scale = Math.min(1, MOST_LINES / height);
    this.#canvas.width = Math.round(width * scale);
    this.#canvas.height = Math.round(height * scale);
    // A track of a canvas without a context is refused by some browsers.
    this.#canvas.getContext('2d');
    const [track] = this.#canvas.captureStream(0).getVideoTracks();
    if (!(track instanceof CanvasCaptureMediaStreamTrack)) throw new TypeError('a canvas has no track');
    this.track = track;
    // Sharpness before smoothness; and the browser goes on probing what the link carries, although little is sent.
    track.contentHint = 'detail';
    this.#video.muted = true;
    this.#video.playsInline = true;
    this.#video.srcObject = new MediaStream([camera]);
    // Not at once: the line is to get rid of what it was overrun with.
    this.#video.play().then(() => this.#showSoon(), reportError);
  }

  /** Pictures come as often as the link carries them beside the voice. @param bitsPerSecond what it carries in all */
  setUplink(bitsPerSecond: number): void {
    const spare = Math.max(1, bitsPerSecond - VOICE);
    this.#everyMs = Math.min(LONGEST_MS, Math.max(SHORTEST_MS, (PICTURE_BITS / spare) * 1_000));
  }

  stop(): void {
    clearTimeout(this.#timer);
    this.#video.srcObject = null;
    this.track.stop();
  }

  #show(): void {
    if (this.track.readyState === 'ended') return;
    this.#canvas.getContext('2d')?.drawImage(this.#video, 0, 0, this.#canvas.width, this.#canvas.height);
    this.track.requestFrame();
    this.#showSoon();
  }

  #showSoon(): void {
    this.#timer = setTimeout(() => this.#show(), this.#everyMs);
  }
}
