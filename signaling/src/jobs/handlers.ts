import { SYSTEM } from '../domain/Actor.ts';
import type { JobKind } from '../domain/jobs.ts';
import { expireInvitation } from '../operations/callPeople/answerInvitation.ts';
import { expireHold } from '../operations/booking/expireHold.ts';
import { markNoShow } from '../operations/booking/markNoShow.ts';
import { remind } from '../operations/booking/remind.ts';
import { endOverdueWaiting } from '../operations/booking/waitlist/endWaiting.ts';
import { offerSlot } from '../operations/booking/waitlist/offerSlot.ts';
import { closeDay } from '../operations/encounter/leaveUnserved.ts';
import { interruptEncounter } from '../operations/encounter/interruptEncounter.ts';
import { parkIfEmpty } from '../operations/encounter/parkIfEmpty.ts';
import { endBreak } from '../operations/queue/endBreak.ts';
import { keepPromises } from '../operations/promise/keepPromises.ts';
import { returnUnanswered } from '../operations/queue/endCall.ts';
import { alertLateStart, tellLateStart } from '../operations/queue/lateStart.ts';
import { turnSoon } from '../operations/queue/turnSoon.ts';
import { alertCoordinator, lapseChange } from '../operations/schedule/remindChange.ts';
import type { Services } from '../Services.ts';
import type { Unit } from '../store/command.ts';
import { sendCommunication } from './communicationSend.job.ts';
import { finishJob } from './finishJob.ts';
import type { DueJob } from './JobRunner.ts';

/** An effect inside the database: one transaction with the end of its job. False or nothing: there was nothing to do. */
type Effect = (services: Services, unit: Unit, job: DueJob) => Promise<unknown>;

const EFFECTS: { readonly [Kind in Exclude<JobKind, 'communication.send'>]: Effect } = {
  'appointment.hold-expiry': (_services, unit, job) => expireHold(unit, job.subjectId),
  'appointment.no-show': (_services, unit, job) => markNoShow(unit, job.subjectId),
  'appointment.reminder': (_services, unit, job) => remind(unit, job.subjectId, job.token),
  'waitlist.offer': ({ config }, unit, job) => offerSlot(unit, config, job.subjectId),
  'waitlist.end': (_services, unit, job) => endOverdueWaiting(unit, job.subjectId),
  'queue.turn-soon': (_services, unit, job) => turnSoon(unit, job.subjectId),
  'schedule-change.alert': (_services, unit, job) => alertCoordinator(unit, job.subjectId),
  'schedule-change.lapse': (_services, unit, job) => lapseChange(unit, job.subjectId),
  'session.late-alert': ({ config }, unit, job) => alertLateStart(unit, config, job.subjectId),
  'session.late-tell': (_services, unit, job) => tellLateStart(unit, job.subjectId),
  'availability.break-end': (_services, unit, job) => endBreak(unit, job.subjectId, job.token),
  'queue.keep-promises': (_services, unit, job) => keepPromises(unit, job.subjectId),
  'call.ring-timeout': (_services, unit, job) => returnUnanswered(unit, job.subjectId, job.token, 'no-answer'),
  'call.invitation-timeout': (_services, unit, job) => expireInvitation(unit, job.subjectId),
  'encounter.park': ({ config }, unit, job) => parkIfEmpty(unit, job.subjectId, config),
  'encounter.interrupt': (_services, unit, job) => interruptEncounter(unit, job.subjectId),
  'encounter.close-day': (_services, unit, job) => closeDay(unit, job.subjectId),
};

/** Runs a claimed job. Each effect re-checks its row, so that a job that is late or runs twice changes nothing. */
export function createJobHandler(services: Services): (job: DueJob) => Promise<void> {
  return async (job) => {
    if (job.kind === 'communication.send') {
      await sendCommunication(services, job);
      return;
    }
    const effect = EFFECTS[job.kind];
    await services.commands.run({ agent: SYSTEM, requestId: `job:${job.id}` }, async (unit) => {
      await effect(services, unit, job);
      await finishJob(unit, job);
    });
  };
}
