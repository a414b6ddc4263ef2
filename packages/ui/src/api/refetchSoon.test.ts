import { QueryClient } from '@tanstack/react-query';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { refetchSoon } from './refetchSoon.ts';

beforeEach(() => {
  vi.useFakeTimers();
});
afterEach(() => {
  vi.useRealTimers();
});

function spied() {
  const client = new QueryClient();
  const invalidated: unknown[] = [];
  vi.spyOn(client, 'invalidateQueries').mockImplementation((filters) => {
    invalidated.push(filters?.queryKey);
    return Promise.resolve();
  });
  return { client, invalidated };
}

test('a burst of news about the same things refetches each of them once', () => {
  const { client, invalidated } = spied();
  refetchSoon(client, ['worklist']);
  refetchSoon(client, ['worklist'], ['encounter', { id: 1 }]);
  refetchSoon(client, ['encounter', { id: 1 }]);
  expect(invalidated).toEqual([]);
  vi.advanceTimersByTime(1_000);
  expect(invalidated).toEqual([['worklist'], ['encounter', { id: 1 }]]);
});

test('news after the burst refetch again, and another client is not touched', () => {
  const { client, invalidated } = spied();
  const other = spied();
  refetchSoon(client, ['worklist']);
  vi.advanceTimersByTime(1_000);
  refetchSoon(client, ['worklist']);
  vi.advanceTimersByTime(1_000);
  expect(invalidated).toEqual([['worklist'], ['worklist']]);
  expect(other.invalidated).toEqual([]);
});
