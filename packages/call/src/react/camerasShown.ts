import type { PeerId } from '@cloud-hospital/protocol';
import type { CameraChoice, MediaSource } from '@cloud-hospital/protocol/socket';
import { streamsOf } from '../callState.ts';
import type { CallState } from '../callState.types.ts';

function choiceOf(shows: (source: MediaSource) => boolean): CameraChoice | null {
  if (shows('examination')) return shows('camera') ? 'both' : 'examination';
  return shows('camera') ? 'face' : null;
}

/** Which of the own cameras are on. */
export const ownCameras = ({ camera, examination }: CallState): CameraChoice | null =>
  choiceOf((source) => (source === 'camera' ? camera : examination).status === 'live');

/** Which cameras come from another participant. */
export const camerasOf = (state: CallState, peerId: PeerId): CameraChoice | null =>
  choiceOf((source) => streamsOf(state, peerId).some((stream) => stream.source === source && !stream.paused));
