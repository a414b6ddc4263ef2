import { AppError } from '@cloud-hospital/protocol';
import { errors } from 'mediasoup';
import { expect, test } from 'vitest';
import { mediaErrorOf, refusingBadParameters } from './mediaErrors.ts';

test("mediasoup's refusals become coded errors and keep their cause", () => {
  const refusal = new TypeError('missing codec.mimeType');
  expect(mediaErrorOf(refusal)).toMatchObject({ code: 'BAD_REQUEST', details: { reason: 'missing codec.mimeType' } });
  expect(mediaErrorOf(refusal).cause).toBe(refusal);
  expect(mediaErrorOf(new errors.UnsupportedError('no such codec')).code).toBe('BAD_REQUEST');
  expect(mediaErrorOf(new errors.NotFoundError('gone')).code).toBe('NOT_FOUND');
  expect(mediaErrorOf(new errors.WorkerClosedError('gone')).code).toBe('MEDIA_UNAVAILABLE');
});

test('a coded error passes unchanged', async () => {
  const parked = new AppError('PARKED');
  await expect(refusingBadParameters(() => Promise.reject(parked))).rejects.toBe(parked);
});
