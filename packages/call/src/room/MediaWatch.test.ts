import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { MediaWatch } from './MediaWatch.ts';

let told: string[];
let watch: MediaWatch;

beforeEach(() => {
  vi.useFakeTimers();
  told = [];
  watch = new MediaWatch({
    connected: () => told.push('connected'),
    lost: (detail) => told.push(`lost ${detail}`),
    restored: () => told.push('restored'),
    warmth: (warmth) => told.push(warmth),
    repair: (repair) => told.push(repair),
  });
});
afterEach(() => {
  watch.close();
  vi.useRealTimers();
});

const up = () => {
  watch.transportChanged('send', 'connected');
  watch.transportChanged('recv', 'connected');
};
const connect = () => {
  watch.joined();
  watch.expectSending(true);
  up();
  watch.setActive(true);
  watch.flowing();
  told = [];
};

describe('parked', () => {
  test('is ready when both transports are up', () => {
    watch.joined();
    watch.expectSending(true);
    watch.transportChanged('recv', 'connected');
    expect(told).toEqual(['warming']);
    watch.transportChanged('send', 'connected');
    expect(told).toEqual(['warming', 'ready']);
  });

  test('without camera and microphone the receiving transport is enough', () => {
    watch.joined();
    watch.transportChanged('recv', 'connected');
    expect(told).toEqual(['warming', 'ready']);
  });

  test('a broken transport is repaired, but nobody is told of lost media', () => {
    watch.joined();
    up();
    watch.transportChanged('recv', 'disconnected');
    expect(told).toEqual(['warming', 'ready', 'restart-ice']);
  });

  test('transports that don’t come up are joined anew after eight seconds', () => {
    watch.joined();
    vi.advanceTimersByTime(7_900);
    expect(told).toEqual(['warming']);
    vi.advanceTimersByTime(200);
    expect(told).toEqual(['warming', 'rejoin']);
  });
});

describe('open', () => {
  test('is connected with the first packet that is played out', () => {
    watch.joined();
    up();
    watch.setActive(true);
    expect(told).not.toContain('connected');
    watch.flowing();
    expect(told).toContain('connected');
  });

  test('is connected after three seconds even if nobody sends', () => {
    watch.joined();
    up();
    watch.setActive(true);
    vi.advanceTimersByTime(3_100);
    expect(told).toContain('connected');
  });

  test('a lost transport is told once, repaired, and its return told once', () => {
    connect();
    watch.transportChanged('send', 'disconnected');
    watch.transportChanged('send', 'failed');
    expect(told).toEqual(['lost send-disconnected', 'restart-ice', 'restart-ice']);
    watch.restarted();
    watch.transportChanged('send', 'connected');
    expect(told.slice(3)).toEqual(['restored', 'connected']);
    vi.advanceTimersByTime(10_000);
    expect(told).not.toContain('rejoin');
  });

  test('ICE that doesn’t come back in four seconds is followed by a new join', () => {
    connect();
    watch.transportChanged('recv', 'failed');
    watch.restarted();
    vi.advanceTimersByTime(4_100);
    expect(told.at(-1)).toBe('rejoin');
  });

  test('a path that answers nothing counts as lost before the browser says so', () => {
    connect();
    watch.setStalled(true);
    expect(watch.broken).toBe(true);
    expect(told).toEqual(['lost stalled', 'restart-ice']);
    watch.setStalled(false);
    expect(told.slice(2)).toEqual(['restored', 'connected']);
  });

  test('a room that moved is lost until packets flow in the new one', () => {
    connect();
    watch.markLost('room-moved');
    watch.joined();
    up();
    expect(told).toEqual(['lost room-moved', 'warming', 'ready']);
    watch.flowing();
    expect(told.slice(3)).toEqual(['restored', 'connected']);
  });
});
