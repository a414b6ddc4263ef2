import { expect, test } from 'vitest';
import { waitTone } from './waitTone.ts';

test('a wait darkens at twenty and at forty minutes', () => {
  expect([0, 19, 20, 39, 40, 200].map(waitTone)).toEqual(['calm', 'calm', 'long', 'long', 'very-long', 'very-long']);
});
