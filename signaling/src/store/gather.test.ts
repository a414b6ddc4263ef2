import { setImmediate as turn } from 'node:timers/promises';
import { expect, test } from 'vitest';
import { gather, gatherInTurn } from './gather.ts';

test('what is asked for in one turn is read once, later questions anew', async () => {
  const readings: (readonly string[])[] = [];
  let serial = 0;
  const ask = gather((keys: readonly string[]) => {
    readings.push(keys);
    serial += 1;
    return Promise.resolve(new Map(keys.filter((key) => key !== 'none').map((key) => [key, `${key}${serial}`])));
  });
  expect(await Promise.all([ask('a'), ask('b'), ask('a'), ask('none')])).toEqual(['a1', 'b1', 'a1', undefined]);
  const second = ask('a');
  await turn();
  const third = ask('a');
  expect(await Promise.all([second, third])).toEqual(['a2', 'a3']);
  expect(readings).toEqual([['a', 'b', 'none'], ['a'], ['a']]);
});

test('a reading that fails fails for everybody who asked, and not for the next', async () => {
  let fails = true;
  const ask = gather((keys: readonly string[]) =>
    fails ? Promise.reject(new Error('away')) : Promise.resolve(new Map(keys.map((key) => [key, key]))),
  );
  const results = await Promise.allSettled([ask('a'), ask('b')]);
  expect(results.map(({ status }) => status)).toEqual(['rejected', 'rejected']);
  fails = false;
  expect(await ask('a')).toBe('a');
});

test('in turn, what is asked for while a reading runs is read together after it, and never answered by it', async () => {
  const readings: (readonly string[])[] = [];
  const gates: (() => void)[] = [];
  const ask = gatherInTurn(async (keys: readonly string[]) => {
    readings.push(keys);
    const serial = readings.length;
    await new Promise<void>((resolve) => gates.push(resolve));
    return new Map(keys.map((key) => [key, `${key}${serial}`]));
  });
  const first = [ask('a'), ask('a')];
  await turn();
  await turn();
  const meanwhile = [ask('a'), ask('b')];
  await turn();
  const later = ask('b');
  await turn();
  expect(readings).toEqual([['a']]);
  gates[0]?.();
  expect(await Promise.all(first)).toEqual(['a1', 'a1']);
  await turn();
  await turn();
  gates[1]?.();
  expect(await Promise.all([...meanwhile, later])).toEqual(['a2', 'b2', 'b2']);
  expect(readings).toEqual([['a'], ['a', 'b']]);
});

test('in turn, a reading that fails holds nobody up', async () => {
  let fails = true;
  const ask = gatherInTurn((keys: readonly string[]) =>
    fails ? Promise.reject(new Error('away')) : Promise.resolve(new Map(keys.map((key) => [key, key]))),
  );
  await expect(ask('a')).rejects.toThrow('away');
  fails = false;
  expect(await ask('a')).toBe('a');
});
