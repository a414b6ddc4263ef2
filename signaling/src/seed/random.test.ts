import { PatientId } from '@cloud-hospital/protocol';
import { expect, test } from 'vitest';
import { Random } from './random.ts';

test('the same seed gives the same numbers and ids', () => {
  const [a, b] = [new Random(7), new Random(7)];
  expect(Array.from({ length: 5 }, () => a.int(1, 100))).toEqual(Array.from({ length: 5 }, () => b.int(1, 100)));
  expect(a.uuid()).toBe(b.uuid());
});

test('ids are valid and do not repeat', () => {
  const random = new Random(1);
  const ids = Array.from({ length: 2_000 }, () => random.uuid());
  expect(new Set(ids).size).toBe(2_000);
  for (const id of ids) PatientId.parse(id);
});
