import { describe, expect, it } from 'vitest';
import { HAND_OVER_MS, type PeerClaim, peerVerdict } from './peerVerdict.ts';

const serving: PeerClaim = {
  facts: {
    encounterStatus: 'in-progress',
    deviceId: 'terminal-1',
    practitionerRoleId: 'specialist-1',
    ready: true,
    entryState: 'serving',
    calledBy: 'specialist-1',
  },
  roomClosed: false,
  removed: false,
  isSpecialist: false,
  deviceId: 'terminal-1',
  practitionerRoleId: null,
  session: null,
  standingLost: false,
};
const specialist: PeerClaim = { ...serving, isSpecialist: true, deviceId: null, practitionerRoleId: 'specialist-1' };

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
