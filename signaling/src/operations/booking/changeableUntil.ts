import type { Config } from '../../config.ts';

/** Up to when residents may cancel or move by themselves: afterwards nobody else could use the time. */
export const changeableUntil = (config: Pick<Config, 'CHANGE_CUTOFF_SECONDS'>, start: Date): Date =>
  new Date(start.getTime() - config.CHANGE_CUTOFF_SECONDS * 1000);

/** The same as people read it. */
export const changeCutoffMinutes = (config: Pick<Config, 'CHANGE_CUTOFF_SECONDS'>): number =>
  Math.max(1, Math.round(config.CHANGE_CUTOFF_SECONDS / 60));
