import { QueuePlace } from '@cloud-hospital/protocol/rest';
import type { Availability } from '@cloud-hospital/protocol/states';
import { describe, expect, it } from 'vitest';
import { headlineOf } from './headline.ts';

const place = (ahead: number, availability: Availability) =>
  QueuePlace.parse({
    queueEntryId: '00000000-0000-4000-8000-000000000001',
    encounterId: '00000000-0000-4000-8000-000000000002',
    patientId: '00000000-0000-4000-8000-000000000003',
    version: 1,
    state: 'waiting',
    ticketNumber: 'A001',
    position: ahead + 1,
    ahead,
    expected: null,
    noPromise: null,
    promise: null,
    orderReason: 'first-come',
    specialistName: '王建国',
    departmentName: { zh: '心内科', en: 'Cardiology' },
    lateStart: null,
    availability,
    breakUntil: null,
    computedAt: '2026-11-25T09:00:00+08:00',
  });

describe('the big line of the waiting page', () => {
  it('says "you are next" only while the specialist is there', () => {
    expect(headlineOf(place(0, 'in-call'))).toBe('next');
    expect(headlineOf(place(0, 'available'))).toBe('next');
    expect(headlineOf(place(0, 'off'))).toBe('first');
    expect(headlineOf(place(0, 'break'))).toBe('first');
  });

  it('counts the people ahead otherwise', () => {
    expect(headlineOf(place(2, 'off'))).toBe('ahead');
  });
});
