import { expect, test } from 'vitest';
import { type WorklistFacts, worklistStatus } from './worklistStatus.ts';

const now = new Date('2026-11-23T02:00:00Z');
const later = new Date('2026-11-23T02:30:00Z');
const earlier = new Date('2026-11-23T01:30:00Z');
const facts = (change: Partial<WorklistFacts>): WorklistFacts => ({
  now,
  appointment: null,
  encounter: null,
  reportSignedAt: null,
  ...change,
});
const visit = (change: Partial<NonNullable<WorklistFacts['encounter']>>): NonNullable<WorklistFacts['encounter']> => ({
  status: 'arrived',
  outcome: null,
  ready: false,
  entryState: 'waiting',
  printedAt: null,
  ...change,
});

test('who did not come yet is late from the start on', () => {
  expect(worklistStatus(facts({ appointment: { status: 'booked', start: later } }))).toBe('booked');
  expect(worklistStatus(facts({ appointment: { status: 'booked', start: earlier } }))).toBe('late');
});

test('who sits before the terminal waits, who does not is only checked in', () => {
  expect(worklistStatus(facts({ encounter: visit({}) }))).toBe('checked-in');
  expect(worklistStatus(facts({ encounter: visit({ ready: true }) }))).toBe('waiting');
  expect(worklistStatus(facts({ encounter: visit({ entryState: 'called' }) }))).toBe('called');
});

test('after the consultation the report is awaited, then printed, then done', () => {
  const finished = visit({ status: 'finished', outcome: 'completed', entryState: 'done' });
  expect(worklistStatus(facts({ encounter: finished }))).toBe('report-pending');
  expect(worklistStatus(facts({ encounter: finished, reportSignedAt: now }))).toBe('to-print');
  expect(worklistStatus(facts({ encounter: { ...finished, printedAt: later }, reportSignedAt: now }))).toBe('done');
});

test('an amended report is to be printed again', () => {
  const printed = visit({ status: 'finished', outcome: 'completed', printedAt: now });
  expect(worklistStatus(facts({ encounter: printed, reportSignedAt: later }))).toBe('to-print');
});

test('nobody waits for the report of somebody who left', () => {
  expect(worklistStatus(facts({ encounter: visit({ status: 'finished', outcome: 'patient-left' }) }))).toBe('done');
});
