import { expect, test } from 'vitest';
import { SlotRush } from './SlotRush.ts';

const outcome = async (running: Promise<string>): Promise<string> =>
  running.catch((error: unknown) => (error instanceof Error ? error.message : 'unknown'));

test('one is at a slot at a time, and whoever waited is refused once it is gone', async () => {
  const rush = new SlotRush();
  let holder: number | undefined;
  let atOnce = 0;
  let attempts = 0;
  const person = (number: number): Promise<string> =>
    outcome(
      rush.inTurn(
        'slot',
        () => Promise.resolve(holder !== undefined),
        async () => {
          attempts += 1;
          atOnce += 1;
          await Promise.resolve();
          expect(atOnce).toBe(1);
          atOnce -= 1;
          holder ??= number;
          return `held by ${holder}`;
        },
      ),
    );
  const answers = await Promise.all([person(1), person(2), person(3)]);
  expect(answers).toEqual(['held by 1', 'SLOT_TAKEN', 'SLOT_TAKEN']);
  expect(attempts).toBe(1);
});

test('after an attempt that failed the next one has its turn; other slots do not wait', async () => {
  const rush = new SlotRush();
  const never = (): Promise<boolean> => Promise.resolve(false);
  const first = outcome(rush.inTurn('slot', never, () => Promise.reject(new Error('LIMIT_REACHED'))));
  const second = outcome(rush.inTurn('slot', never, () => Promise.resolve('held')));
  const other = outcome(
    rush.inTurn(
      'other',
      () => Promise.reject(new Error('asked')),
      () => Promise.resolve('held'),
    ),
  );
  expect(await Promise.all([first, second, other])).toEqual(['LIMIT_REACHED', 'held', 'held']);
});

test('nobody waits for ever for somebody who hangs', async () => {
  const rush = new SlotRush(20);
  const never = (): Promise<boolean> => Promise.resolve(false);
  void rush.inTurn('slot', never, () => new Promise<string>(() => undefined));
  expect(await outcome(rush.inTurn('slot', never, () => Promise.resolve('held')))).toBe('UNAVAILABLE');
});
