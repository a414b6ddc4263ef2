import { answerScheduleChange } from '../operations/schedule/answerChange.ts';
import { editCalendar, previewCalendarEdit, readCalendar } from '../operations/schedule/calendar.ts';
import { editSchedule, previewEdit } from '../operations/schedule/edit.ts';
import { getScheduleChange } from '../operations/schedule/getChange.ts';
import { listUnanswered } from '../operations/schedule/listUnanswered.ts';
import { readSchedule } from '../operations/schedule/readSchedule.ts';
import { setPhoneVisits } from '../operations/schedule/setPhoneVisits.ts';
import { api, commandContext } from './procedures.ts';

export const calendarRoutes = {
  read: api.calendar.read.handler(({ input, context }) => readCalendar(context.services, input)),
  preview: api.calendar.preview.handler(({ input, context }) =>
    previewCalendarEdit(context.services, commandContext(context), input),
  ),
  edit: api.calendar.edit.handler(({ input, context }) =>
    editCalendar(context.services, commandContext(context), input),
  ),
};

export const scheduleRoutes = {
  read: api.schedules.read.handler(({ input, context }) =>
    readSchedule(context.services, commandContext(context), input),
  ),
  preview: api.schedules.preview.handler(({ input, context }) =>
    previewEdit(context.services, commandContext(context), input),
  ),
  edit: api.schedules.edit.handler(({ input, context }) =>
    editSchedule(context.services, commandContext(context), input),
  ),
  setPhoneVisits: api.schedules.setPhoneVisits.handler(({ input, context }) =>
    setPhoneVisits(context.services, commandContext(context), input),
  ),
};

export const scheduleChangeRoutes = {
  get: api.scheduleChanges.get.handler(({ input, context }) =>
    getScheduleChange(context.services, commandContext(context), input),
  ),
  answer: api.scheduleChanges.answer.handler(({ input, context }) =>
    answerScheduleChange(context.services, commandContext(context), input),
  ),
  unanswered: api.scheduleChanges.unanswered.handler(({ context }) =>
    listUnanswered(context.services, commandContext(context)),
  ),
};
