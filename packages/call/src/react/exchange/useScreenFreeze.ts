import type { EncounterId } from '@cloud-hospital/protocol';
import { useMemo, useState } from 'react';
import { freezeScreen } from '../../exchange/takeStill.ts';
import type { ScreenFreeze } from '../types.ts';
import { useUploads } from './useUploads.ts';

/** A shared screen is frozen as a still of the visit: kept, looked at and drawn on like any other. @param title of the still */
export function useScreenFreeze(encounterId: EncounterId | null, title: string): ScreenFreeze {
  const { start } = useUploads(encounterId);
  const [state, setState] = useState<ScreenFreeze['state']>('idle');
  return useMemo(
    () => ({
      state,
      press: (screen) => {
        if (encounterId === null) return;
        setState('busy');
        freezeScreen(screen).then(
          ({ content }) => {
            start({ encounterId, kind: 'still', title, content });
            setState('idle');
          },
          (error: unknown) => {
            if (!(error instanceof DOMException)) reportError(error);
            setState('failed');
          },
        );
      },
    }),
    [state, encounterId, start, title],
  );
}
