import { ConsumerId, PeerId, ProducerId } from '@cloud-hospital/protocol';
import { EXPECTED_SHOWS, type MediaSource } from '@cloud-hospital/protocol/socket';
import { expect, test } from 'vitest';
import { callReducer, INITIAL_CALL_STATE } from '../../callState.ts';
import type { CallState } from '../../callState.types.ts';
import { arrange, nextPinned, sharerOf } from './tiles.ts';

const peerIds = [1, 2, 3].map((n) => PeerId.parse(`00000000-0000-4000-8000-00000000000${n}`));
const [first, second, third] = peerIds as [PeerId, PeerId, PeerId];
const own = PeerId.parse('00000000-0000-4000-8000-000000000009');

function room(others: readonly PeerId[], screenOf: PeerId | null = null): CallState {
  const peers = others.map((peerId) => ({
    peerId,
    role: 'nurse' as const,
    displayName: peerId.slice(-1),
    title: null,
    guest: null,
    connected: true,
    shows: EXPECTED_SHOWS,
    producers: [],
  }));
  const joined = callReducer(INITIAL_CALL_STATE, { type: 'room-joined', peerId: own, rights: 'active', peers });
  const stream = (peerId: PeerId, source: MediaSource) => ({
    peerId,
    consumerId: ConsumerId.parse(`${peerId}-${source}`),
    producerId: ProducerId.parse(`${peerId}-${source}`),
    kind: 'video' as const,
    source,
    paused: false,
    flowing: true,
  });
  const cameras = others.map((peerId) => stream(peerId, 'camera'));
  return { ...joined, streams: screenOf === null ? cameras : [...cameras, stream(screenOf, 'screen')] };
}
const mainOf = (state: CallState, pinned: string | null = null) => arrange(state, pinned).main?.id ?? null;

test('large is what was pinned, else a shared screen, else whoever speaks, else whoever came first', () => {
  const quiet = room(peerIds);
  expect(mainOf(quiet)).toBe(first);
  const speaking = callReducer(quiet, { type: 'speaker-heard', peerId: second });
  expect(mainOf(speaking)).toBe(second);
  const shared = { ...room(peerIds, third), speakingPeerId: second };
  expect(mainOf(shared)).toBe(`${third} screen`);
  expect(mainOf(shared, first)).toBe(first);
  expect(arrange(shared, first).tiles.map(({ id }) => id)).toEqual([first, second, `${third} screen`, third]);
  expect(sharerOf(shared)?.peerId).toBe(third);
});

test('whoever was pinned or spoke and has left gives way', () => {
  const left = callReducer(callReducer(room(peerIds), { type: 'speaker-heard', peerId: second }), {
    type: 'peer-left',
    peerId: second,
  });
  expect(mainOf(left, second)).toBe(first);
  expect(mainOf(room([]))).toBeNull();
});

test('the own voice shows nobody else large', () => {
  const heard = callReducer(room(peerIds), { type: 'speaker-heard', peerId: second });
  expect(mainOf(callReducer(heard, { type: 'speaker-heard', peerId: own }))).toBe(second);
});

test('the key goes round everything on the stage, and then back to its own choice', () => {
  const state = room([first, second], second);
  const round = [first, `${second} screen`, second].reduce<{ pinned: string | null; seen: (string | null)[] }>(
    ({ pinned, seen }) => {
      const next = nextPinned(state, pinned);
      return { pinned: next, seen: [...seen, next] };
    },
    { pinned: null, seen: [] },
  );
  expect(round.seen).toEqual([first, `${second} screen`, second]);
  expect(nextPinned(state, round.pinned)).toBeNull();
});
