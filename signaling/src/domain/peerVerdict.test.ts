import { describe, expect, it } from 'vitest';
import { HAND_OVER_MS, type PeerClaim, peerVerdict } from './peerVerdict.ts';

const serving: PeerClaim = {
  facts: {
    encounterStatus: 'in-progress',
    byPhone: false,
    deviceId: 'terminal-1',
    practitionerRoleId: 'specialist-1',
    ready: true,
    entryState: 'serving',
    calledBy: 'specialist-1',
    held: false,
  },
  roomClosed: false,
  removed: false,
  isSpecialist: false,
  guest: null,
  phone: null,
  invited: false,
  deviceId: 'terminal-1',
  practitionerRoleId: null,
  session: null,
  standingLost: false,
};
const specialist: PeerClaim = { ...serving, isSpecialist: true, deviceId: null, practitionerRoleId: 'specialist-1' };

const guest: PeerClaim = { ...serving, deviceId: null, guest: { linkIsGood: true } };
const colleague: PeerClaim = { ...specialist, practitionerRoleId: 'specialist-2', invited: true };
const onHold = (claim: PeerClaim): PeerClaim => ({ ...claim, facts: { ...claim.facts, held: true } });
const parkedVisit = (claim: PeerClaim): PeerClaim => ({
  ...claim,
  facts: { ...claim.facts, encounterStatus: 'onleave', entryState: 'waiting', calledBy: null },
});

describe('people who came into the call', () => {
  it('a guest is there as long as the link is good, and waits while the visit is parked', () => {
    expect(peerVerdict(guest)).toBe('active');
    expect(peerVerdict(parkedVisit(guest))).toBe('parked');
    expect(peerVerdict({ ...guest, guest: { linkIsGood: false } })).toBe('expelled');
    expect(peerVerdict({ ...guest, facts: { ...guest.facts, encounterStatus: 'finished' } })).toBe('expelled');
  });

  it('a colleague is there while invited; a specialist who is neither invited nor responsible is not', () => {
    expect(peerVerdict(colleague)).toBe('active');
    expect(peerVerdict({ ...colleague, invited: false })).toBe('expelled');
  });

  it('on hold the specialist’s side stays active, terminal and guests are parked', () => {
    expect([specialist, colleague].map((claim) => peerVerdict(onHold(claim)))).toEqual(['active', 'active']);
    expect([serving, guest].map((claim) => peerVerdict(onHold(claim)))).toEqual(['parked', 'parked']);
  });
});

describe('whether a peer may stay in the media node', () => {
  it('both sides of an answered call are active', () => {
    expect(peerVerdict(serving)).toBe('active');
    expect(peerVerdict(specialist)).toBe('active');
  });

  it('after an unanswered call the terminal waits parked and the specialist is out', () => {
    const facts = { ...serving.facts, encounterStatus: 'arrived', entryState: 'waiting', calledBy: null } as const;
    expect(peerVerdict({ ...serving, facts })).toBe('parked');
    expect(peerVerdict({ ...specialist, facts })).toBe('expelled');
  });

  it('a closed room, a removed participant, a withdrawn role end it', () => {
    expect(peerVerdict({ ...serving, roomClosed: true })).toBe('expelled');
    expect(peerVerdict({ ...serving, removed: true })).toBe('expelled');
    expect(peerVerdict({ ...specialist, standingLost: true })).toBe('expelled');
  });

  it('a revoked session ends it at once, a sign-out leaves a moment for the next staff member', () => {
    expect(peerVerdict({ ...serving, session: { revokedForMs: 0, reason: 'revoked' } })).toBe('expelled');
    expect(peerVerdict({ ...serving, session: { revokedForMs: 0, reason: 'signed-out' } })).toBe('active');
    expect(peerVerdict({ ...serving, session: { revokedForMs: HAND_OVER_MS + 1, reason: 'signed-out' } })).toBe(
      'expelled',
    );
  });
});
