const TONES_HZ = [660, 880] as const;
const TONE_SECONDS = 0.16;

/** Two soft rising tones. Nothing happens where the browser wants a touch first; the banner is there all the same. */
export function chime(context: AudioContext): void {
  for (const [index, frequency] of TONES_HZ.entries()) {
    const start = context.currentTime + index * TONE_SECONDS;
    const oscillator = new OscillatorNode(context, { frequency });
    const gain = new GainNode(context, { gain: 0 });
    gain.gain.linearRampToValueAtTime(0.12, start + 0.02);
    gain.gain.linearRampToValueAtTime(0, start + TONE_SECONDS);
    oscillator.connect(gain).connect(context.destination);
    oscillator.start(start);
    oscillator.stop(start + TONE_SECONDS);
  }
}
