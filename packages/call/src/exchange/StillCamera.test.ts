import { randomUUID } from 'node:crypto';
import { StillRequestId } from '@cloud-hospital/protocol';
import type { StillRequest } from '@cloud-hospital/protocol/rest';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { StillCamera } from './StillCamera.ts';
import type { Still } from './takeStill.ts';

const NOW = Date.parse('2026-11-26T10:00:00Z');
const STILL: Still = { content: new Blob(['x']), width: 3840, height: 2160 };
const request = (secondsAgo = 1): StillRequest => ({
  stillRequestId: StillRequestId.parse(randomUUID()),
  status: 'requested',
  requestedBy: '高国栋',
  requestedAt: new Date(NOW - secondsAgo * 1_000).toISOString(),
});

let take: () => Promise<Still>;
const send = vi.fn<(still: Still, requestId: StillRequestId | null) => void>();
const decline = vi.fn<(requestId: StillRequestId, reason: string) => void>();
const camera = () => new StillCamera(() => take(), { send, decline, now: () => NOW });
const settle = () => vi.advanceTimersByTimeAsync(0);

beforeEach(() => {
  vi.useFakeTimers();
  send.mockReset();
  decline.mockReset();
  take = () => Promise.resolve(STILL);
});
afterEach(() => {
  vi.useRealTimers();
});

describe('the still camera', () => {
  it('shows the picture for two seconds, then sends it once, however often the request is told', async () => {
    const [still, asked] = [camera(), request()];
    still.request(asked);
    await settle();
    still.request(asked);
    expect(still.state).toMatchObject({ phase: 'preview', asked: true });
    await vi.advanceTimersByTimeAsync(1_900);
    expect(send).not.toHaveBeenCalled();
    await vi.advanceTimersByTimeAsync(200);
    still.request(asked);
    expect(send.mock.calls).toEqual([[expect.objectContaining(STILL), asked.stillRequestId]]);
    expect(still.state).toEqual({ phase: 'idle' });
  });

  it('sends nothing that was kept back, and says so to whoever asked', async () => {
    const [still, asked] = [camera(), request()];
    still.request(asked);
    await settle();
    still.discard();
    await vi.advanceTimersByTimeAsync(5_000);
    expect(send).not.toHaveBeenCalled();
    expect(decline.mock.calls).toEqual([[asked.stillRequestId, 'discarded']]);
  });

  it('answers a request that waited behind a picture, and none that is too old', async () => {
    const [still, asked, old] = [camera(), request(), request(600)];
    still.press();
    await settle();
    still.request(asked);
    await vi.advanceTimersByTimeAsync(2_000);
    expect(send).toHaveBeenCalledWith(expect.objectContaining(STILL), null);
    still.request(asked);
    await settle();
    expect(still.state).toMatchObject({ phase: 'preview', asked: true });
    await vi.advanceTimersByTimeAsync(2_000);
    still.request(old);
    expect(decline.mock.calls).toEqual([[old.stillRequestId, 'failed']]);
    expect(still.state).toEqual({ phase: 'idle' });
  });

  it('says when there is no camera, on both ends', async () => {
    take = () => Promise.reject(new DOMException('gone', 'NotFoundError'));
    const [still, asked] = [camera(), request()];
    still.request(asked);
    await settle();
    expect(still.state).toEqual({ phase: 'failed', asked: true });
    expect(decline.mock.calls).toEqual([[asked.stillRequestId, 'failed']]);
    still.dismiss();
    expect(still.state).toEqual({ phase: 'idle' });
  });
});
