/** Frequency of the Chinese ringing tone, hertz (GB/T 3380); two octave partials make it carry on small speakers. */
const FREQUENCY = 450;
const PARTIALS = [
  { ratio: 1, gain: 0.5 },
  { ratio: 2, gain: 0.3 },
  { ratio: 3, gain: 0.12 },
] as const;
/** Two strokes, then a pause: seconds. It goes on until it is stopped, because one chime is missed. */
const STROKES = [0, 0.45] as const;
const STROKE_LENGTH = 0.32;
const PERIOD_MS = 2_200;
const BLOCKED_AFTER_MS = 400;

/** A ring tone made on the spot, without a file to load. */
export class RingTone {
  #context: AudioContext | null = null;
  #timer: ReturnType<typeof setInterval> | undefined;
  readonly #onBlocked: (blocked: boolean) => void;

  /** @param onBlocked the browser holds the tone back until the page is touched, or lets it sound */
  constructor(onBlocked: (blocked: boolean) => void) {
    this.#onBlocked = onBlocked;
  }

  /** Idempotent. */
  start(): void {
    if (this.#timer !== undefined) return;
    const context = new AudioContext();
    this.#context = context;
    context.addEventListener('statechange', () => {
      if (context.state === 'running') this.#heard();
    });
    // A context that may sound needs a moment to say so.
    setTimeout(() => {
      if (context.state === 'suspended') this.#onBlocked(true);
    }, BLOCKED_AFTER_MS);
    this.#timer = setInterval(() => this.#ring(), PERIOD_MS);
  }

  /** From a touch or a key press. */
  async unblock(): Promise<void> {
    if (this.#context?.state === 'suspended') await this.#context.resume();
  }

  /** Idempotent. */
  stop(): void {
    clearInterval(this.#timer);
    this.#timer = undefined;
    void this.#context?.close();
    this.#context = null;
  }

  #heard(): void {
    this.#onBlocked(false);
    this.#ring();
  }

  #ring(): void {
    const context = this.#context;
    if (context?.state !== 'running') return;
    for (const stroke of STROKES)
      for (const partial of PARTIALS) this.#stroke(context, context.currentTime + stroke, partial);
  }

  #stroke(context: AudioContext, at: number, { ratio, gain }: (typeof PARTIALS)[number]): void {
    const oscillator = new OscillatorNode(context, { frequency: FREQUENCY * ratio });
    const envelope = new GainNode(context, { gain: 0 });
    // Without a rise and a fall the strokes would click.
    envelope.gain.setValueAtTime(0, at);
    envelope.gain.linearRampToValueAtTime(gain, at + 0.02);
    envelope.gain.exponentialRampToValueAtTime(0.001, at + STROKE_LENGTH);
    oscillator.connect(envelope).connect(context.destination);
    oscillator.start(at);
    oscillator.stop(at + STROKE_LENGTH);
  }
}
