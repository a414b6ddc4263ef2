import { useCallback, useSyncExternalStore } from 'react';

/** `true`: 24 px, `max`: 30 px running text; targets of at least 60 px in both. */
export const ELDER_MODES = ['off', 'true', 'max'] as const;
export type ElderMode = (typeof ELDER_MODES)[number];

const KEY = 'ch.elder';
const listeners = new Set<() => void>();
const isElderMode = (text: string | null): text is ElderMode => ELDER_MODES.some((mode) => mode === text);

function read(): ElderMode {
  const remembered = localStorage.getItem(KEY);
  return isElderMode(remembered) ? remembered : 'off';
}

/** To be called once before the first render, so that nothing jumps. */
export function applyElderMode(mode: ElderMode = read()): void {
  document.documentElement.dataset['elder'] = mode;
}

function subscribe(listener: () => void): () => void {
  listeners.add(listener);
  return () => listeners.delete(listener);
}

/** Remembered on this browser: `const [elder, setElder] = useElderMode()`. */
export function useElderMode(): [ElderMode, (mode: ElderMode) => void] {
  const mode = useSyncExternalStore(subscribe, read);
  const set = useCallback((next: ElderMode) => {
    localStorage.setItem(KEY, next);
    applyElderMode(next);
    for (const listener of listeners) listener();
  }, []);
  return [mode, set];
}
