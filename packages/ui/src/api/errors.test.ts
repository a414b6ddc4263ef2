import { AppError } from '@cloud-hospital/protocol';
import { ORPCError } from '@orpc/client';
import { describe, expect, it } from 'vitest';
import { isOutcomeUnknown, toAppError } from './errors.ts';

describe('whatever a request throws', () => {
  it('keeps the code and the details of the contract', () => {
    const error = toAppError(new ORPCError('SLOT_TAKEN', { status: 409, data: { alternatives: [] } }));
    expect(error).toBeInstanceOf(AppError);
    expect([error.code, error.details]).toEqual(['SLOT_TAKEN', { alternatives: [] }]);
  });

  it("gets a code by status when the answer isn't ours", () => {
    expect(toAppError(new ORPCError('MALFORMED', { status: 502 })).code).toBe('UNAVAILABLE');
    expect(toAppError(new ORPCError('MALFORMED', { status: 418 })).code).toBe('BAD_REQUEST');
    expect(toAppError(new ORPCError('MALFORMED', { status: 500 })).code).toBe('INTERNAL');
  });

  it('speaks of the network when there is none, and of time when it ran out', () => {
    const offline = toAppError(new TypeError('Failed to fetch'));
    expect([offline.code, offline.details]).toEqual(['UNAVAILABLE', { reason: 'network' }]);
    expect(toAppError(new DOMException('', 'TimeoutError')).code).toBe('TIMEOUT');
  });

  it('is repeated only when nobody knows whether it was done', () => {
    expect(isOutcomeUnknown(new AppError('TIMEOUT'))).toBe(true);
    expect(isOutcomeUnknown(new AppError('UNAVAILABLE'))).toBe(true);
    expect(isOutcomeUnknown(new AppError('INTERNAL'))).toBe(false);
    expect(isOutcomeUnknown(new AppError('SLOT_TAKEN'))).toBe(false);
  });
});
