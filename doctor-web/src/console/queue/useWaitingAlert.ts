import type { QueueEntryView, QueueView } from '@cloud-hospital/protocol/rest';
import { useEffect, useRef, useState } from 'react';

/** A reminder that sounds once is missed; this one returns until somebody looks. Milliseconds. */
const REPEAT_MS = 15_000;
const TONES_HZ = [660, 880] as const;
const TONE_SECONDS = 0.16;

/** Two soft rising tones. Nothing happens where the browser wants a touch first; the banner is there all the same. */
function chime(context: AudioContext): void {
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

export interface WaitingAlert {
  /** Arrivals nobody has acknowledged; the newest last. */
  readonly arrivals: readonly QueueEntryView[];
  readonly acknowledge: () => void;
}

/**
 * Tells the specialist about people who came to wait, repeatedly, until acknowledged, and never during a call.
 * @param audible false while the specialist is in a call
 */
export function useWaitingAlert(queue: QueueView | undefined, audible: boolean): WaitingAlert {
  const [known, setKnown] = useState<ReadonlySet<string> | null>(null);
  const waiting = queue?.entries.filter((entry) => entry.state === 'waiting') ?? [];
  const contextRef = useRef<AudioContext | null>(null);

  // Whoever waits when the page opens is on the list anyway.
  if (queue !== undefined && known === null) setKnown(new Set(waiting.map((entry) => entry.queueEntryId)));
  const arrivals = known === null ? [] : waiting.filter((entry) => !known.has(entry.queueEntryId));
  const acknowledge = (): void => {
    setKnown((before) => new Set([...(before ?? []), ...arrivals.map((entry) => entry.queueEntryId)]));
  };

  const newest = arrivals.at(-1)?.queueEntryId;
  useEffect(() => {
    if (newest === undefined || !audible) return;
    contextRef.current ??= new AudioContext();
    const context = contextRef.current;
    const sound = (): void => chime(context);
    sound();
    const timer = setInterval(sound, REPEAT_MS);
    return () => clearInterval(timer);
  }, [newest, audible]);
  useEffect(() => () => void contextRef.current?.close(), []);

  return { arrivals, acknowledge };
}
