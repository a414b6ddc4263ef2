/** Enough to fill what the line is to carry, little enough for a phone's processor. */
const SIZE = { width: 320, height: 180 };
const FRAMES_PER_SECOND = 20;

/** A picture of noise: it can't be compressed, so that the sender takes all that the line gives it. */
export class NoiseTrack {
  readonly track: MediaStreamTrack;
  readonly #timer: ReturnType<typeof setInterval>;

  constructor() {
    const canvas = document.createElement('canvas');
    Object.assign(canvas, SIZE);
    const context = canvas.getContext('2d');
    const picture = new ImageData(SIZE.width, SIZE.height);
    const pixels = new Uint32Array(picture.data.buffer);
    const draw = (): void => {
      for (let index = 0; index < pixels.length; index += 1)
        pixels[index] = (Math.random() * 0xff_ff_ff) | 0xff_00_00_00;
      context?.putImageData(picture, 0, 0);
    };
    draw();
    const [track] = canvas.captureStream(FRAMES_PER_SECOND).getVideoTracks();
    if (track === undefined) throw new TypeError('a canvas has no track');
    this.track = track;
    this.#timer = setInterval(draw, 1_000 / FRAMES_PER_SECOND);
  }

  stop(): void {
    clearInterval(this.#timer);
    this.track.stop();
  }
}
