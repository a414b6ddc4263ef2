import { useEffect, useRef } from 'react';
import { chime } from './chime.ts';

/** A reminder that sounds once is missed; this one returns until somebody looks. Milliseconds. */
const REPEAT_MS = 15_000;

/** Sounds at once and again until it stops being asked for. @param newest what it is about; another one sounds at once */
export function useRepeatedChime(sounds: boolean, newest: string | undefined): void {
  const contextRef = useRef<AudioContext | null>(null);
  useEffect(() => {
    if (!sounds) return;
    contextRef.current ??= new AudioContext();
    const context = contextRef.current;
    const sound = (): void => chime(context);
    sound();
    const timer = setInterval(sound, REPEAT_MS);
    return () => clearInterval(timer);
  }, [sounds, newest]);
  useEffect(() => () => void contextRef.current?.close(), []);
}
