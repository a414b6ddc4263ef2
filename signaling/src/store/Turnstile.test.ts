import { setTimeout as sleep } from 'node:timers/promises';
import { expect, test } from 'vitest';
import { Turnstile } from './Turnstile.ts';

test('so many at once, the others in order, a failure frees its place', async () => {
  const turnstile = new Turnstile(2, 1_000);
  let inside = 0;
  let most = 0;
  const order: number[] = [];
  const work = (number: number) =>
    turnstile.pass(async () => {
      inside += 1;
      most = Math.max(most, inside);
      order.push(number);
      await sleep(1);
      inside -= 1;
      if (number === 1) throw new Error('failed');
      return number;
    });
  const results = await Promise.allSettled([0, 1, 2, 3, 4, 5].map(work));
  expect(results.map(({ status }) => status === 'fulfilled')).toEqual([true, false, true, true, true, true]);
  expect(most).toBe(2);
  expect(order).toEqual([0, 1, 2, 3, 4, 5]);
});

test('who waits too long is told so, and the place is not lost', async () => {
  const turnstile = new Turnstile(1, 20);
  let finish = (): void => undefined;
  const long = turnstile.pass(
    () =>
      new Promise<void>((resolve) => {
        finish = resolve;
      }),
  );
  await expect(turnstile.pass(() => Promise.resolve())).rejects.toMatchObject({ code: 'UNAVAILABLE' });
  finish();
  await long;
  await expect(turnstile.pass(() => Promise.resolve('in'))).resolves.toBe('in');
});
