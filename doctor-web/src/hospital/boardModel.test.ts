import { DepartmentCode, PractitionerRoleId, QueueId } from '@cloud-hospital/protocol';
import type { BoardQueue } from '@cloud-hospital/protocol/rest';
import { randomUUID } from 'node:crypto';
import { expect, test } from 'vitest';
import { departmentsOf } from './boardModel.ts';

const queue = (over: Partial<BoardQueue>): BoardQueue => ({
  queueId: QueueId.parse(randomUUID()),
  practitionerRoleId: PractitionerRoleId.parse(randomUUID()),
  name: { zh: '王', en: 'Wang' },
  departmentCode: DepartmentCode.parse('skin'),
  departmentName: { zh: '皮肤科', en: 'Dermatology' },
  availability: 'off',
  breakUntil: null,
  takesPool: true,
  lateSince: null,
  substitutes: [],
  entries: [],
  expectedToday: 0,
  longestWaitMinutes: 0,
  doneToday: 0,
  brokenToday: 0,
  ...over,
});

test('a department where nobody is there and nobody waits is shown only on demand', () => {
  const quiet = [queue({}), queue({ practitionerRoleId: null, availability: 'available' })];
  expect(departmentsOf(quiet, false)).toEqual([]);
  expect(departmentsOf(quiet, true).length).toBe(1);
  expect(departmentsOf([...quiet, queue({ lateSince: new Date().toISOString() })], false)[0]?.queues.length).toBe(3);
});
