import { expect, test } from 'vitest';
import { LingeringSign } from './LingeringSign.ts';

test('it counts from the first sight until so long after the last, and is said twice', () => {
  const said: [number, boolean][] = [];
  let now = 0;
  const sign = new LingeringSign(10, (counts) => said.push([now, counts]));
  for (; now < 40; now += 1) sign.look(now, now === 5 || now === 12);
  expect(said).toEqual([
    [5, true],
    [22, false],
  ]);
});

test('it counts only while it applies, and again if that comes back in time', () => {
  const said: boolean[] = [];
  const sign = new LingeringSign(10, (counts) => said.push(counts));
  sign.look(0, true);
  sign.look(1, true, false);
  sign.look(2, false);
  sign.look(30, true, false);
  expect(said).toEqual([true, false, true, false]);
});
