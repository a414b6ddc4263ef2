import { ConsumerId, EncounterId, PeerId, ProducerId } from '@cloud-hospital/protocol';
import { EXPECTED_SHOWS, type PeerInfo } from '@cloud-hospital/protocol/socket';
import { CALL_PHASE_TRANSITIONS, CallEndReason } from '@cloud-hospital/protocol/states';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { type CallEvent, callReducer, INITIAL_CALL_STATE, streamsOf } from './callState.ts';
import { CALL_PROBLEM_CODES, type CallState, type RemoteStream } from './callState.types.ts';

const uuid = (n: number) => `00000000-0000-4000-8000-${String(n).padStart(12, '0')}`;
const encounterId = EncounterId.parse(uuid(1));
const peers = [2, 3].map((n) => PeerId.parse(uuid(n)));
const consumers = ['a', 'b', 'c'].map((id) => ConsumerId.parse(id));

const peerInfo = (peerId: PeerId): PeerInfo => ({
  peerId,
  role: 'specialist',
  displayName: '王医生',
  title: null,
  guest: null,
  connected: true,
  shows: EXPECTED_SHOWS,
  producers: [],
});
const stream = (consumerId: ConsumerId, peerId: PeerId): RemoteStream => ({
  peerId,
  consumerId,
  producerId: ProducerId.parse('p'),
  kind: 'video',
  source: 'camera',
  paused: false,
  flowing: false,
});
const run = (events: readonly CallEvent[], from: CallState = INITIAL_CALL_STATE): CallState =>
  events.reduce(callReducer, from);
const started: CallEvent = { type: 'started', encounterId, direction: 'incoming' };

const peer = fc.constantFrom(...peers);
const consumer = fc.constantFrom(...consumers);
const anyEvent: fc.Arbitrary<CallEvent> = fc.oneof(
  fc.constantFrom<CallEvent>(
    started,
    { type: 'rang' },
    { type: 'answered', at: 1 },
    { type: 'room-opened' },
    { type: 'room-parked' },
    { type: 'media-connected' },
    { type: 'media-lost' },
    { type: 'reset' },
    { type: 'streams-cleared' },
    { type: 'mode-changed', mode: 'audio' },
    { type: 'warmth-changed', warmth: 'ready' },
  ),
  fc.constantFrom(...CallEndReason.options).map((reason): CallEvent => ({ type: 'ended', reason })),
  fc.subarray(peers).map(
    (present): CallEvent => ({
      type: 'room-joined',
      peerId: PeerId.parse(uuid(9)),
      rights: 'parked',
      peers: present.map(peerInfo),
    }),
  ),
  peer.map((peerId): CallEvent => ({ type: 'peer-joined', peer: peerInfo(peerId) })),
  peer.map((peerId): CallEvent => ({ type: 'peer-left', peerId })),
  fc.tuple(consumer, peer).map(([id, peerId]): CallEvent => ({ type: 'stream-added', stream: stream(id, peerId) })),
  consumer.map((consumerId): CallEvent => ({ type: 'stream-removed', consumerId })),
  fc
    .tuple(consumer, fc.boolean())
    .map(([consumerId, paused]): CallEvent => ({ type: 'stream-changed', consumerId, patch: { paused } })),
  fc.constantFrom(...CALL_PROBLEM_CODES).map((code): CallEvent => ({ type: 'problem-appeared', code, at: 5 })),
  fc.constantFrom(...CALL_PROBLEM_CODES).map((code): CallEvent => ({ type: 'problem-gone', code })),
);

describe('whatever happens', () => {
  test('phases move by the table only', () => {
    fc.assert(
      fc.property(fc.array(anyEvent, { maxLength: 60 }), (events) => {
        let state = INITIAL_CALL_STATE;
        for (const event of events) {
          const next = callReducer(state, event);
          if (next.phase !== state.phase) expect(CALL_PHASE_TRANSITIONS[state.phase]).toContain(next.phase);
          state = next;
        }
      }),
    );
  });

  test('an ended call is left by reset only, and keeps neither streams nor rights', () => {
    fc.assert(
      fc.property(fc.array(anyEvent, { maxLength: 60 }), fc.array(anyEvent, { maxLength: 20 }), (before, after) => {
        const ended = run([...before, { type: 'rang' }, { type: 'ended', reason: 'finished' }]);
        fc.pre(ended.phase === 'ended');
        expect(ended.streams).toEqual([]);
        expect(ended.rights).toBeNull();
        expect(ended.endReason).not.toBeNull();
        const later = run(
          after.filter((event) => event.type !== 'reset'),
          ended,
        );
        expect(later).toBe(ended);
      }),
    );
  });

  test('no stream and no participant is there twice, no problem either', () => {
    fc.assert(
      fc.property(fc.array(anyEvent, { maxLength: 60 }), (events) => {
        const state = run(events);
        const lists: readonly (readonly string[])[] = [
          state.streams.map((one) => one.consumerId),
          state.participants.map((one) => one.peerId),
          state.problems.map((one) => one.code),
        ];
        for (const ids of lists) expect(new Set(ids).size).toBe(ids.length);
      }),
    );
  });

  test('whoever left leaves no stream behind', () => {
    fc.assert(
      fc.property(fc.array(anyEvent, { maxLength: 40 }), peer, (events, peerId) => {
        const state = run([...events, { type: 'peer-left', peerId }]);
        fc.pre(state.phase !== 'ended');
        expect(streamsOf(state, peerId)).toEqual([]);
        expect(state.participants.some((one) => one.peerId === peerId)).toBe(false);
      }),
    );
  });
});

describe('a call', () => {
  const toConnected: CallEvent[] = [
    started,
    { type: 'room-joined', peerId: PeerId.parse(uuid(9)), rights: 'parked', peers: [] },
    { type: 'rang' },
    { type: 'answered', at: 100 },
    { type: 'room-opened' },
    { type: 'media-connected' },
  ];

  test('goes from parked over ringing to connected', () => {
    const state = run(toConnected);
    expect(state).toMatchObject({ phase: 'connected', rights: 'active', answeredAt: 100, hold: false });
  });

  test('that is found open after a reload connects without having rung', () => {
    expect(run([started, { type: 'room-opened' }, { type: 'media-connected' }]).phase).toBe('connected');
  });

  test('parked while connected is on hold, and comes back when the room opens', () => {
    const held = run([...toConnected, { type: 'room-parked' }]);
    expect(held).toMatchObject({ phase: 'connected', hold: true, rights: 'parked', streams: [] });
    expect(run([{ type: 'room-opened' }], held)).toMatchObject({ phase: 'connected', hold: false, rights: 'active' });
  });

  test('found on hold after a reload is a call, and goes on when the room opens', () => {
    const joined: CallEvent = { type: 'room-joined', peerId: PeerId.parse(uuid(9)), rights: 'parked', peers: [] };
    const held = run([started, joined, { type: 'held', since: 5 }]);
    expect(held).toMatchObject({ phase: 'connecting', hold: true, heldSince: 5 });
    const on = run([{ type: 'room-opened' }, { type: 'held', since: null }, { type: 'media-connected' }], held);
    expect(on).toMatchObject({ phase: 'connected', hold: false, heldSince: null });
  });

  test('that the specialist holds stays open on the specialist’s side', () => {
    const own: CallEvent = { ...started, direction: 'outgoing' };
    const [, ...rest] = toConnected;
    const held = run([own, ...rest, { type: 'held', since: 5 }, { type: 'room-opened' }]);
    expect(held).toMatchObject({ phase: 'connected', hold: true, rights: 'active' });
    expect(run([{ type: 'held', since: null }], held)).toMatchObject({ hold: false });
  });

  test('that is taken back before the answer is not on hold', () => {
    expect(run([started, { type: 'rang' }, { type: 'room-parked' }])).toMatchObject({ phase: 'ringing', hold: false });
  });

  test('keeps reconnecting until media is back, whatever the room says', () => {
    const lost = run([...toConnected, { type: 'media-lost' }, { type: 'room-opened' }]);
    expect(lost.phase).toBe('reconnecting');
    expect(run([{ type: 'media-connected' }], lost).phase).toBe('connected');
  });

  test('takes what the others show from the server with each join: what was told meanwhile may have been missed', () => {
    const [peerId] = peers;
    if (!peerId) throw new Error('no peer');
    const joined: CallEvent = {
      type: 'room-joined',
      peerId: PeerId.parse(uuid(9)),
      rights: 'active',
      peers: [peerInfo(peerId)],
    };
    const state = run([
      started,
      joined,
      { type: 'peer-mode-changed', peerId, mode: 'audio', hasExamination: true, receives: 'stills', carries: 'audio' },
      { ...joined, peers: [{ ...peerInfo(peerId), shows: { ...EXPECTED_SHOWS, mode: 'stills' } }] },
    ]);
    expect(state.participants[0]).toMatchObject({ mode: 'stills', receives: 'video' });
  });

  test('is over only once: the first reason stays', () => {
    const state = run([...toConnected, { type: 'ended', reason: 'finished' }, { type: 'ended', reason: 'failed' }]);
    expect(state).toMatchObject({ phase: 'ended', endReason: 'finished' });
    expect(run([{ type: 'reset' }], state)).toBe(INITIAL_CALL_STATE);
  });
});
