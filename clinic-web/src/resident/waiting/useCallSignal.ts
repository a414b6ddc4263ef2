import type { QueueEntryState } from '@cloud-hospital/protocol/states';
import { useEffect, useRef } from 'react';

/** Two notes, a fifth apart, half a second each. Silent where the browser wants a touch first; the page changes anyway. */
function chime(): void {
  const audio = new AudioContext();
  const notes = [659.26, 987.77];
  for (const [index, frequency] of notes.entries()) {
    const start = audio.currentTime + index * 0.35;
    const oscillator = new OscillatorNode(audio, { frequency });
    const gain = new GainNode(audio, { gain: 0 });
    gain.gain.setValueAtTime(0.4, start);
    gain.gain.exponentialRampToValueAtTime(0.001, start + 0.5);
    oscillator.connect(gain).connect(audio.destination);
    oscillator.start(start);
    oscillator.stop(start + 0.5);
    if (index === notes.length - 1) oscillator.onended = () => void audio.close();
  }
}

/** Rings and shakes once when the entry becomes called; not when the page is opened while it already is. */
export function useCallSignal(state: QueueEntryState | undefined): void {
  const previous = useRef(state);
  useEffect(() => {
    const before = previous.current;
    previous.current = state;
    if (state !== 'called' || before === undefined || before === 'called') return;
    // Not in every browser, Safari for one.
    if ('vibrate' in navigator) navigator.vibrate([400, 200, 400]);
    chime();
  }, [state]);
}
