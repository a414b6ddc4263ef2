import type { PeerId } from '@cloud-hospital/protocol';
import { type RefObject, useEffect } from 'react';
import type { CallMedia } from './types.ts';

/** Quiet speech to loud speech at a desk microphone, dBov. */
const QUIET = -60;
const LOUD = -15;
/** No level for so long means silence, milliseconds: the media node reports only who is heard, each 400 ms. */
const SILENCE_AFTER_MS = 900;

/** Keeps the CSS variable `--level` of an element (0–1) at a voice's. Past React: levels come several times a second. */
export function useVoiceLevel(element: RefObject<HTMLElement | null>, media: CallMedia, peerId: PeerId): void {
  useEffect(() => {
    let quiet: ReturnType<typeof setTimeout> | undefined;
    const show = (level: number): void => element.current?.style.setProperty('--level', level.toFixed(2));
    const off = media.onAudioLevels((levels) => {
      const heard = levels.find((level) => level.peerId === peerId);
      if (!heard) return;
      show(Math.min(1, Math.max(0, (heard.dBov - QUIET) / (LOUD - QUIET))));
      clearTimeout(quiet);
      quiet = setTimeout(() => show(0), SILENCE_AFTER_MS);
    });
    return () => {
      clearTimeout(quiet);
      off();
    };
  }, [element, media, peerId]);
}
