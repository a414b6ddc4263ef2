import { expect, test } from 'vitest';
import { StatementNames } from './preparedStatements.ts';

test('a statement that comes a third time gets a name, and keeps it', () => {
  const names = new StatementNames();
  expect([1, 2, 3, 4].map(() => names.nameOf('SELECT $1'))).toEqual([undefined, undefined, 's0', 's0']);
  for (let times = 0; times < 3; times += 1) names.nameOf('SELECT $1, $2');
  expect(names.nameOf('SELECT $1, $2')).toBe('s1');
});

test('texts that never come again take no names, and there is an end to names', () => {
  const names = new StatementNames();
  for (let serial = 0; serial < 10_000; serial += 1) expect(names.nameOf(`SELECT ${serial}`)).toBeUndefined();
  const given = new Set<string | undefined>();
  for (let serial = 0; serial < 1_000; serial += 1) {
    for (let times = 0; times < 3; times += 1) given.add(names.nameOf(`SELECT $1, ${serial}`));
  }
  given.delete(undefined);
  expect(given.size).toBe(300);
});
