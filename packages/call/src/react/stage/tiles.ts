import type { PeerId } from '@cloud-hospital/protocol';
import { streamsOf } from '../../callState.ts';
import type { CallState, Participant, RemoteStream } from '../../callState.types.ts';

/** A picture on the stage: a participant with their cameras, or the screen that one of them shares. */
export type Tile =
  | { readonly id: string; readonly kind: 'person'; readonly participant: Participant }
  | {
      readonly id: string;
      readonly kind: 'screen';
      readonly participant: Participant;
      readonly stream: RemoteStream;
    };

export interface Arrangement {
  /** In the order in which people came, a screen before whoever shares it. */
  readonly tiles: readonly Tile[];
  /** The large one; null while nobody is there. */
  readonly main: Tile | null;
}

export const screenOf = (state: CallState, peerId: PeerId): RemoteStream | undefined =>
  streamsOf(state, peerId).find(({ source }) => source === 'screen');

/** Whoever shares a screen with us. */
export const sharerOf = (state: CallState): Participant | undefined =>
  state.participants.find(({ peerId }) => screenOf(state, peerId) !== undefined);

/** There is something to see on it. */
export const hasPicture = (state: CallState, { kind, participant }: Tile): boolean =>
  kind === 'screen' ||
  streamsOf(state, participant.peerId).some((one) => one.kind === 'video' && one.source !== 'screen' && !one.paused);

function tilesOf(state: CallState): Tile[] {
  return state.participants.flatMap((participant): Tile[] => {
    const { peerId } = participant;
    const stream = screenOf(state, peerId);
    const person: Tile = { id: peerId, kind: 'person', participant };
    return stream === undefined ? [person] : [{ id: `${peerId} screen`, kind: 'screen', participant, stream }, person];
  });
}

/**
 * What is shown large: what was pinned, else a shared screen, else whoever speaks, else whoever came first.
 * @param pinned id of a tile
 */
export function arrange(state: CallState, pinned: string | null): Arrangement {
  const tiles = tilesOf(state);
  const main =
    tiles.find(({ id }) => id === pinned) ??
    tiles.find(({ kind }) => kind === 'screen') ??
    tiles.find(({ id }) => id === state.speakingPeerId) ??
    tiles[0] ??
    null;
  return { tiles, main };
}

/** The tile after the pinned one; null behind the last: back to whatever the stage chooses. */
export function nextPinned(state: CallState, pinned: string | null): string | null {
  const ids = tilesOf(state).map(({ id }) => id);
  return ids[pinned === null ? 0 : ids.indexOf(pinned) + 1] ?? null;
}
