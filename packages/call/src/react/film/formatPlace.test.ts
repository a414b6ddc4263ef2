import { expect, test } from 'vitest';
import { formatPlace } from './formatPlace.ts';

test('a place in a film is written as players write it', () => {
  expect([0, 7_900, 760_000, 3_725_000].map(formatPlace)).toEqual(['0:00', '0:07', '12:40', '1:02:05']);
});
