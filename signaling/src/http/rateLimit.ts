import { AppError } from '@cloud-hospital/protocol';
import type { Request } from 'express';
import { RateLimiterMemory, RateLimiterRes } from 'rate-limiter-flexible';
import type { Services } from '../Services.ts';

/** Routes that let a stranger guess something: codes, passwords, enrolment codes, challenges, links. */
const GUESSABLE = /^\/api\/(session|terminals\/(enrolment|challenge|session)|helper-links|guest-links)(\/|$)/;

/**
 * Limits guesses by address. In memory of each replica on purpose: it must work while Redis is gone, and what decides
 * (tries a code, lockout of an account) is counted in PostgreSQL anyway.
 * @returns a check that throws AppError RATE_LIMITED with `retryAfterSeconds`
 */
export function createSignInLimiter({ config }: Services): (request: Request) => Promise<void> {
  const limiter = new RateLimiterMemory({ points: config.SIGN_IN_RATE_PER_MINUTE, duration: 60 });
  return async (request) => {
    if (request.method === 'GET' || !GUESSABLE.test(request.originalUrl)) return;
    try {
      await limiter.consume(request.ip ?? 'unknown');
    } catch (error) {
      if (error instanceof RateLimiterRes) {
        throw new AppError('RATE_LIMITED', { retryAfterSeconds: Math.ceil(error.msBeforeNext / 1000) });
      }
      throw error;
    }
  };
}
