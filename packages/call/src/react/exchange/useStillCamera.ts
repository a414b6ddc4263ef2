import type { EncounterId } from '@cloud-hospital/protocol';
import { serverClock } from '@cloud-hospital/ui';
import { useApi } from '@cloud-hospital/ui/api';
import { useCallback, useEffect, useMemo, useSyncExternalStore } from 'react';
import { StillCamera, type StillCameraState } from '../../exchange/StillCamera.ts';
import { takeStill } from '../../exchange/takeStill.ts';
import { useNotification } from '../SignalProvider.tsx';
import type { Call } from '../types.ts';
import { useExchange } from './useExchange.ts';
import { useUploads } from './useUploads.ts';

export interface UsedStillCamera {
  readonly state: StillCameraState;
  readonly press: () => void;
  readonly discard: () => void;
  readonly dismiss: () => void;
}

interface StillOptions {
  /** Of the pictures, as both ends read it. */
  readonly title: string;
  /** A camera that is off is opened for the one picture; else there is none. */
  readonly whileOff: boolean;
}

/** The call's camera as a still camera, for one visit. */
export function useStillCamera(
  encounterId: EncounterId,
  call: Call,
  { title, whileOff }: StillOptions,
): UsedStillCamera {
  const { client } = useApi();
  const exchange = useExchange(encounterId);
  const { start } = useUploads(encounterId);
  const camera = useMemo(
    () =>
      new StillCamera(() => takeStill(null, null), {
        send: ({ content }, requestId) =>
          start({
            encounterId,
            kind: 'still',
            title,
            content,
            ...(requestId === null ? {} : { stillRequestId: requestId }),
          }),
        // Answered by somebody else meanwhile, or the visit has ended: nobody waits for it any more.
        decline: (stillRequestId, reason) =>
          void client.exchange.declineStill({ stillRequestId, reason }).catch(() => undefined),
        now: () => serverClock.now(),
      }),
    [client, start, encounterId, title],
  );
  useEffect(() => {
    camera.setSource(async () => {
      if (!whileOff && call.state.camera.status !== 'live') {
        throw new DOMException('the camera is off', 'NotAllowedError');
      }
      const [track] = call.media.localStream('camera')?.getVideoTracks() ?? [];
      return takeStill(track ?? null, call.state.camera.deviceId);
    });
  }, [camera, call, whileOff]);
  const subscribe = useCallback((changed: () => void) => camera.onState(changed), [camera]);
  const state = useSyncExternalStore(subscribe, () => camera.state);
  useNotification('still:requested', (request) => {
    if (request.encounterId === encounterId) camera.request(request);
  });
  // What was asked while the socket was away or a picture was being taken, or before this page was loaded anew.
  const open = exchange.data?.stillRequest ?? null;
  useEffect(() => {
    if (open !== null) camera.request(open);
  }, [camera, open, state.phase]);
  return useMemo(
    () => ({
      state,
      press: () => camera.press(),
      discard: () => camera.discard(),
      dismiss: () => camera.dismiss(),
    }),
    [camera, state],
  );
}
