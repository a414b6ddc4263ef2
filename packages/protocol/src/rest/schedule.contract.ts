import { z } from 'zod';
import { AppointmentId } from '../common/ids.ts';
import { Instant, LocalDate } from '../common/values.ts';
import { procedure } from './procedure.ts';
import {
  CalendarDay,
  CalendarEdit,
  CalendarEditInput,
  ScheduleChange,
  ScheduleChangeAnswer,
  ScheduleChangeAnswered,
  PhoneVisitsInput,
  ScheduleEditInput,
  ScheduleEffect,
  SchedulePreviewInput,
  ScheduleQuery,
  ScheduleView,
  UnansweredChange,
} from './schedule.schemas.ts';

/** Routes of calendar, schedules and changed schedules; part of `contract.ts`. */

/** The public calendar: holidays and swapped working days. */
export const calendar = {
  read: procedure('calendar:read')
    .route({ method: 'GET', path: '/calendar/{year}' })
    .input(z.object({ year: z.coerce.number().int().min(2020).max(2100) }))
    .output(z.object({ days: z.array(CalendarDay), today: LocalDate })),
  preview: procedure('calendar:write')
    .route({ method: 'POST', path: '/calendar/edits/preview' })
    .input(CalendarEdit)
    .output(ScheduleEffect),
  edit: procedure('calendar:write')
    .route({ method: 'POST', path: '/calendar/edits' })
    .input(CalendarEditInput)
    .output(ScheduleEffect),
};

export const schedules = {
  read: procedure('schedule:read')
    .route({ method: 'GET', path: '/schedules/{practitionerRoleId}' })
    .input(ScheduleQuery)
    .output(ScheduleView),
  /** What an edit would do: whose booked times would go. */
  preview: procedure('schedule:write')
    .route({ method: 'POST', path: '/schedules/{practitionerRoleId}/edits/preview' })
    .input(SchedulePreviewInput)
    .output(ScheduleEffect),
  edit: procedure('schedule:write')
    .route({ method: 'POST', path: '/schedules/{practitionerRoleId}/edits' })
    .input(ScheduleEditInput)
    .output(ScheduleEffect),
  setPhoneVisits: procedure('schedule:write')
    .route({ method: 'PUT', path: '/schedules/{practitionerRoleId}/phone-visits' })
    .input(PhoneVisitsInput)
    .output(PhoneVisitsInput),
};

/** Booked appointments whose time was taken out of the schedule. */
export const scheduleChanges = {
  get: procedure('schedule-change:read')
    .route({ method: 'GET', path: '/appointments/{appointmentId}/schedule-change' })
    .input(z.object({ appointmentId: AppointmentId }))
    .output(ScheduleChange),
  answer: procedure('schedule-change:answer')
    .route({ method: 'POST', path: '/appointments/{appointmentId}/schedule-change/answer' })
    .input(ScheduleChangeAnswer)
    .output(ScheduleChangeAnswered),
  unanswered: procedure('schedule-change:list')
    .route({ method: 'GET', path: '/schedule-changes' })
    .output(z.object({ changes: z.array(UnansweredChange), now: Instant })),
};
