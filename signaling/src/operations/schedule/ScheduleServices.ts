import type { Config } from '../../config.ts';

/** What changing schedules needs besides the transaction; the demo district is laid in without the rest. */
export interface ScheduleServices {
  readonly config: Pick<
    Config,
    'BOOKING_WINDOW_DAYS' | 'NO_SHOW_AFTER_SECONDS' | 'LATE_ALERT_SECONDS' | 'LATE_TELL_SECONDS'
  >;
}
