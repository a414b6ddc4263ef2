import { describe, expect, it } from 'vitest';
import { AddressQuota } from './AddressQuota.ts';
import { PacketLimiter } from './PacketLimiter.ts';

describe('connections of one address', () => {
  it('are counted until they end, and those taken out of the count make room', () => {
    const quota = new AddressQuota(2);
    const leave = [quota.count('a'), quota.count('a')];
    expect(quota.isFull('a')).toBe(true);
    expect(quota.isFull('b')).toBe(false);
    leave[0]?.();
    leave[0]?.();
    expect(quota.isFull('a')).toBe(false);
    quota.count('a');
    expect(quota.isFull('a')).toBe(true);
  });
});

describe('packets of one connection', () => {
  it('pass up to a rate, are refused above it, and end the connection when it goes on', async () => {
    const limiter = new PacketLimiter();
    const verdicts: string[] = [];
    for (let index = 0; index < 250; index += 1) verdicts.push(await limiter.admit('one'));
    expect(verdicts.slice(0, 100)).toEqual(Array(100).fill('pass'));
    expect(verdicts[100]).toBe('too-many');
    expect(verdicts.at(-1)).toBe('cut');
    expect(await limiter.admit('another')).toBe('pass');
  });
});
