import { useCallback, useSyncExternalStore } from 'react';

export interface FullScreen {
  readonly possible: boolean;
  readonly active: boolean;
  readonly toggle: () => void;
}

const subscribe = (changed: () => void): (() => void) => {
  document.addEventListener('fullscreenchange', changed);
  return () => document.removeEventListener('fullscreenchange', changed);
};

/**
 * The whole page on the whole screen, rather than the stage alone: dialogs and menus lie beside the stage in the page.
 * The page shows nothing but the stage then.
 */
export function useFullScreen(): FullScreen {
  const active = useSyncExternalStore(subscribe, () => document.fullscreenElement !== null);
  const toggle = useCallback(() => {
    const done = active ? document.exitFullscreen() : document.documentElement.requestFullscreen();
    done.catch((error: unknown) => {
      // The browser, or whoever set it up, doesn't allow it.
      if (!(error instanceof TypeError)) reportError(error);
    });
  }, [active]);
  return { possible: document.fullscreenEnabled, active, toggle };
}
