import { describe, expect, it } from 'vitest';
import { clinicRoomAccess, phoneRoomAccess, type RoomFacts, specialistRoomAccess } from './roomAccess.ts';

const ready: RoomFacts = {
  encounterStatus: 'arrived',
  byPhone: false,
  deviceId: 'terminal-1',
  practitionerRoleId: 'specialist-1',
  ready: true,
  entryState: 'waiting',
  calledBy: null,
  held: false,
};
const called: RoomFacts = { ...ready, entryState: 'called', calledBy: 'specialist-1' };
const serving: RoomFacts = { ...called, entryState: 'serving' };
const parked = { allowed: true, rights: 'parked' };
const active = { allowed: true, rights: 'active' };

describe('the clinic', () => {
  it('may join parked as soon as the resident is ready', () => {
    expect(clinicRoomAccess(ready, 'terminal-1')).toEqual(parked);
  });
  it('may not join before that', () => {
    expect(clinicRoomAccess({ ...ready, ready: false }, 'terminal-1')).toMatchObject({ code: 'NOT_READY' });
  });
  it('stays parked while it rings and is active once it has answered', () => {
    expect(clinicRoomAccess(called, 'terminal-1')).toEqual(parked);
    expect(clinicRoomAccess(serving, 'terminal-1')).toEqual(active);
  });
  it('may not join from another terminal or a desk', () => {
    expect(clinicRoomAccess(serving, 'terminal-2')).toMatchObject({ code: 'FORBIDDEN' });
    expect(clinicRoomAccess(serving, null)).toMatchObject({ code: 'FORBIDDEN' });
  });
  it('may come back, parked, to a consultation that dropped', () => {
    const dropped: RoomFacts = { ...ready, encounterStatus: 'onleave', ready: false };
    expect(clinicRoomAccess(dropped, 'terminal-1')).toEqual(parked);
  });
});

describe('the resident’s own phone', () => {
  const byPhone = (facts: RoomFacts): RoomFacts => ({ ...facts, byPhone: true, deviceId: null });
  it('is what a terminal would be: parked once ready, active once it has answered, parked on hold', () => {
    expect(phoneRoomAccess(byPhone({ ...ready, ready: false }), true)).toMatchObject({ code: 'NOT_READY' });
    expect(phoneRoomAccess(byPhone(ready), true)).toEqual(parked);
    expect(phoneRoomAccess(byPhone(called), true)).toEqual(parked);
    expect(phoneRoomAccess(byPhone(serving), true)).toEqual(active);
    expect(phoneRoomAccess(byPhone({ ...serving, held: true }), true)).toEqual(parked);
  });
  it('keeps every terminal out, and is out itself once the resident sits at one', () => {
    expect(clinicRoomAccess(byPhone(serving), 'terminal-1')).toMatchObject({ code: 'FORBIDDEN' });
    expect(phoneRoomAccess(serving, true)).toMatchObject({ code: 'NOT_FOUND' });
  });
  it('is for nobody whose relation ended, and for nobody after the end', () => {
    expect(phoneRoomAccess(byPhone(serving), false)).toMatchObject({ code: 'NOT_FOUND' });
    expect(phoneRoomAccess(byPhone({ ...serving, encounterStatus: 'finished' }), true).allowed).toBe(false);
  });
});

describe('the specialist', () => {
  it('may join after calling, never before', () => {
    expect(specialistRoomAccess(ready, 'specialist-1')).toMatchObject({ code: 'NOT_READY' });
    expect(specialistRoomAccess(called, 'specialist-1')).toEqual(parked);
  });
  it('of the same pool who did not call may not join', () => {
    expect(specialistRoomAccess(serving, 'specialist-2')).toMatchObject({ allowed: false });
  });
  it('may come back to the running consultation', () => {
    expect(specialistRoomAccess({ ...serving, encounterStatus: 'in-progress' }, 'specialist-1')).toEqual(active);
  });
});

it.each(['finished', 'cancelled'] as const)('nobody joins a %s encounter', (encounterStatus) => {
  expect(clinicRoomAccess({ ...serving, encounterStatus }, 'terminal-1').allowed).toBe(false);
  expect(specialistRoomAccess({ ...serving, encounterStatus }, 'specialist-1').allowed).toBe(false);
});
