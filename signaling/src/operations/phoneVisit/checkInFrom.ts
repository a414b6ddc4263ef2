import type { Config } from '../../config.ts';

/** From when a resident may check in on the own phone. */
export const phoneCheckInFrom = (config: Pick<Config, 'PHONE_CHECK_IN_SECONDS'>, start: Date): Date =>
  new Date(start.getTime() - config.PHONE_CHECK_IN_SECONDS * 1000);
