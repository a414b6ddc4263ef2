import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { type Repair, type RepairOutcome, RepairQueue } from './RepairQueue.ts';

beforeEach(() => {
  vi.useFakeTimers();
});
afterEach(() => {
  vi.useRealTimers();
});

/** A queue whose repairs take 100 ms and end as told. */
function queueThat(ends: (repair: Repair, times: number) => RepairOutcome) {
  const done: { repair: Repair; at: number }[] = [];
  const queue = new RepairQueue(async (repair) => {
    done.push({ repair, at: performance.now() });
    await new Promise((resolve) => setTimeout(resolve, 100));
    return ends(repair, done.length);
  });
  return { queue, done, names: () => done.map(({ repair }) => repair) };
}

test('one runs at a time; what is asked for meanwhile follows, the strongest only', async () => {
  const { queue, names } = queueThat(() => 'done');
  queue.ask('attach');
  await vi.advanceTimersByTimeAsync(10);
  queue.ask('attach');
  queue.ask('rejoin');
  queue.ask('restart-ice');
  await vi.advanceTimersByTimeAsync(5_000);
  expect(names()).toEqual(['attach', 'rejoin']);
  expect(queue.running).toBeNull();
});

test('the next rung of the ladder follows at once', async () => {
  const { queue, done } = queueThat((repair) => (repair === 'attach' ? 'restart-ice' : 'done'));
  queue.ask('attach');
  await vi.advanceTimersByTimeAsync(1_000);
  expect(done.map(({ repair }) => repair)).toEqual(['attach', 'restart-ice']);
  expect((done[1]?.at ?? 0) - (done[0]?.at ?? 0)).toBe(100);
});

test('a repair that keeps failing is spaced out to two seconds, and never given up', async () => {
  const { queue, done } = queueThat((repair) => repair);
  queue.ask('rejoin');
  await vi.advanceTimersByTimeAsync(60_000);
  const gaps = done.slice(1).map(({ at }, index) => at - (done[index]?.at ?? 0));
  expect(gaps.slice(0, 4)).toEqual([300, 600, 1_100, 2_100]);
  expect(Math.max(...gaps)).toBe(2_100);
  expect(done.length).toBeGreaterThan(25);
});

test('a repair after a quiet time starts at once', async () => {
  const { queue, done } = queueThat(() => 'done');
  queue.ask('rejoin');
  await vi.advanceTimersByTimeAsync(5_000);
  queue.ask('rejoin');
  await vi.advanceTimersByTimeAsync(0);
  expect(done).toHaveLength(2);
});

test('hurry() ends a wait', async () => {
  const { queue, done } = queueThat((repair) => repair);
  queue.ask('rejoin');
  await vi.advanceTimersByTimeAsync(4_300);
  const before = done.length;
  queue.hurry();
  await vi.advanceTimersByTimeAsync(1);
  expect(done).toHaveLength(before + 1);
});

test('close() stops even what waits', async () => {
  const { queue, done } = queueThat((repair) => repair);
  queue.ask('rejoin');
  await vi.advanceTimersByTimeAsync(150);
  queue.close();
  await vi.advanceTimersByTimeAsync(10_000);
  queue.ask('rejoin');
  await vi.advanceTimersByTimeAsync(10_000);
  expect(done).toHaveLength(1);
});
