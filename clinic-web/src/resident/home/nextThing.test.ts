import { Appointment } from '@cloud-hospital/protocol/rest';
import { describe, expect, it } from 'vitest';
import { nextThing } from './nextThing.ts';

const NOW = Date.parse('2026-11-25T09:00:00+08:00');
const id = (last: number) => `00000000-0000-4000-8000-${String(last).padStart(12, '0')}`;
const text = { zh: '', en: '' };

const appointment = (number: number, changes: Partial<Record<keyof Appointment, unknown>>): Appointment =>
  Appointment.parse({
    appointmentId: id(number),
    version: 1,
    status: 'booked',
    start: '2026-11-25T10:20:00+08:00',
    end: '2026-11-25T10:35:00+08:00',
    specialist: {
      practitionerRoleId: id(900),
      practitionerId: id(901),
      name: '王建国',
      nameEn: '',
      gender: 'male',
      title: text,
      departmentCode: 'cardiology',
      departmentName: text,
      hospital: { organizationId: id(902), name: text },
      hospitalPhone: '',
    },
    clinic: null,
    patient: {
      patientId: id(903),
      name: '李秀英',
      gender: 'female',
      birthDate: '1954-03-08',
      age: 72,
      identityMasked: '',
      phoneMasked: '',
    },
    complaint: '',
    ticketNumber: null,
    ticketQr: null,
    holdExpiresAt: null,
    cancellationReason: null,
    changeableUntil: null,
    changeCutoffMinutes: 60,
    seriesId: id(number),
    moves: 0,
    rescheduledTo: null,
    bookedByProxy: false,
    bookedBy: null,
    encounterId: null,
    queueEntryId: null,
    reportId: null,
    now: '2026-11-25T09:00:00+08:00',
    ...changes,
  });

describe('the next thing on the home page', () => {
  it('is the nearest booking', () => {
    const later = appointment(1, { start: '2026-11-26T10:00:00+08:00', end: '2026-11-26T10:15:00+08:00' });
    const sooner = appointment(2, {});
    expect(nextThing([later, sooner], NOW)).toEqual({ kind: 'booked', appointment: sooner });
  });

  it('is a time that is only held before any booking, because it runs out', () => {
    const hold = appointment(1, {
      status: 'pending',
      start: '2026-11-30T10:00:00+08:00',
      holdExpiresAt: '2026-11-25T09:04:00+08:00',
    });
    expect(nextThing([appointment(2, {}), hold], NOW)).toEqual({ kind: 'hold', appointment: hold });
  });

  it('is never a hold that has run out', () => {
    const hold = appointment(1, { status: 'pending', holdExpiresAt: '2026-11-25T08:59:59+08:00' });
    expect(nextThing([hold], NOW)).toEqual({ kind: 'nothing' });
  });

  it('is the visit under way before everything else', () => {
    const visit = appointment(1, { status: 'checked-in', start: '2026-11-25T11:00:00+08:00' });
    expect(nextThing([appointment(2, {}), visit], NOW)).toEqual({ kind: 'visit', appointment: visit });
  });

  it('stays for two hours after a booked time has passed', () => {
    const missed = appointment(1, { start: '2026-11-25T07:00:00+08:00', end: '2026-11-25T07:15:00+08:00' });
    const old = appointment(2, { start: '2026-11-25T06:00:00+08:00', end: '2026-11-25T06:15:00+08:00' });
    expect(nextThing([missed], NOW).kind).toBe('booked');
    expect(nextThing([old], NOW).kind).toBe('nothing');
  });
});
