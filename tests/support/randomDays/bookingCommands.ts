import { AppointmentId, SlotId } from '@cloud-hospital/protocol';
import { sql } from 'kysely';
import { cancel } from '../../../signaling/src/operations/booking/cancel.ts';
import { confirm } from '../../../signaling/src/operations/booking/confirm.ts';
import { expireHold } from '../../../signaling/src/operations/booking/expireHold.ts';
import { hold } from '../../../signaling/src/operations/booking/hold.ts';
import { markNoShow } from '../../../signaling/src/operations/booking/markNoShow.ts';
import { reschedule } from '../../../signaling/src/operations/booking/reschedule.ts';
import { declineOffer, leaveWaitlist } from '../../../signaling/src/operations/booking/waitlist/leave.ts';
import { joinWaitlist } from '../../../signaling/src/operations/booking/waitlist/join.ts';
import { offerSlot } from '../../../signaling/src/operations/booking/waitlist/offerSlot.ts';
import { checkIn } from '../../../signaling/src/operations/clinic/checkIn.ts';
import { answerScheduleChange } from '../../../signaling/src/operations/schedule/answerChange.ts';
import { lapseChange } from '../../../signaling/src/operations/schedule/remindChange.ts';
import { choose, must, type Request } from './choose.ts';
import type { Command, CommandKind } from './commands.ts';
import { appointmentsOf, slotsOf, type World } from './world.ts';

const SLOT_COMMANDS = ['hold', 'join-list', 'offer-slot'] as const satisfies readonly CommandKind[];
const APPOINTMENT_COMMANDS = [
  'confirm',
  'cancel',
  'reschedule',
  'expire-hold',
  'no-show',
  'check-in',
  'leave-list',
  'decline-offer',
  'answer-change',
  'lapse-change',
] as const satisfies readonly CommandKind[];
export const BOOKING_COMMANDS = [...SLOT_COMMANDS, ...APPOINTMENT_COMMANDS] as const;

type Kind = (typeof BOOKING_COMMANDS)[number];
const concernsSlot = (kind: Kind): kind is (typeof SLOT_COMMANDS)[number] => SLOT_COMMANDS.some((one) => one === kind);

async function planAboutSlot(world: World, sent: Command, kind: (typeof SLOT_COMMANDS)[number], key: string) {
  const { district } = world;
  const { services } = district;
  const resident = must(world.residents, sent.a);
  const context = district.context(resident.actor, key);
  if (kind === 'join-list') {
    const wanted = {
      patientId: resident.patientId,
      practitionerRoleId: must(world.specialists.slice(0, 2), sent.b).practitionerRoleId,
      locationId: must(world.clinics, sent.c).locationId,
      complaint: '头晕',
    };
    return () => joinWaitlist(services, context, wanted);
  }
  const slots = await slotsOf(world);
  // Mostly of today, so that people come.
  const slot = choose(kind === 'hold' && sent.c % 3 !== 0 ? slots.filter((one) => one.today) : slots, sent);
  if (slot === undefined) return undefined;
  if (kind === 'hold') {
    const wanted = { slotId: SlotId.parse(slot.id), patientId: resident.patientId };
    return () => hold(services, context, wanted);
  }
  return () => district.asSystem((unit) => offerSlot(unit, services.config, slot.id));
}

/** The times a case offers; undefined when there is none to take. */
async function proposedSlot(world: World, appointmentId: string, { a }: Command): Promise<SlotId | undefined> {
  const rows = await world.district.services.db
    .selectFrom('schedule_change_proposal')
    .innerJoin('schedule_change', 'schedule_change.id', 'schedule_change_id')
    .select('slot_id')
    .where('appointment_id', '=', appointmentId)
    .where('status', '=', 'open')
    .orderBy('offered_at')
    .orderBy('slot_id')
    .execute();
  return rows.length === 0 ? undefined : SlotId.parse(must(rows, a).slot_id);
}

/** As if the minutes of a hold had passed. */
async function letHoldRunOut(world: World, appointmentId: string): Promise<void> {
  await world.district.services.db
    .updateTable('appointment')
    .set({ hold_expires_at: new Date(Date.now() - 1) })
    .where('id', '=', appointmentId)
    .where('status', '=', 'pending')
    .execute();
}

/** As if it had begun half an hour ago. */
async function letStartPass(world: World, appointmentId: string): Promise<void> {
  await sql`
    WITH begun AS (
      UPDATE appointment SET period = tstzrange(lower(period) - interval '30 minutes', upper(period) - interval '30 minutes')
      WHERE id = ${appointmentId} AND status = 'booked' AND lower(period) BETWEEN now() AND now() + interval '20 minutes'
      RETURNING slot_id, period)
    UPDATE slot SET period = begun.period FROM begun WHERE slot.id = begun.slot_id`.execute(world.district.services.db);
}

/** What residents, their clinic and the machinery do to appointments and waiting lists. */
export async function planBooking(world: World, sent: Command, kind: Kind, key: string): Promise<Request | undefined> {
  if (concernsSlot(kind)) return planAboutSlot(world, sent, kind, key);
  const { district, clinics } = world;
  const { services } = district;
  const appointment = choose(await appointmentsOf(world), sent);
  if (appointment === undefined) return undefined;
  const appointmentId = AppointmentId.parse(appointment.id);
  const { version } = appointment;
  const resident = must(
    world.residents.filter((one) => one.patientId === appointment.patient_id),
    0,
  );
  const context = district.context(resident.actor, key);
  const clinic = clinics.find((one) => one.locationId === appointment.location_id) ?? must(clinics, sent.c);
  switch (kind) {
    case 'confirm': {
      const { locationId } = must(clinics, sent.c);
      return () => confirm(services, context, { appointmentId, version, locationId, complaint: '头晕' });
    }
    case 'cancel':
      return () => cancel(services, context, { appointmentId, version, reason: 'patient-request' });
    case 'reschedule': {
      const slot = choose(await slotsOf(world), { ...sent, kind: 'hold', b: sent.a });
      const slotId = SlotId.safeParse(slot?.id).data;
      return slotId && (() => reschedule(services, context, { appointmentId, version, slotId }));
    }
    case 'check-in': {
      const atDesk = district.context(clinic.nurse, key);
      return () => checkIn(services, atDesk, { by: 'name', appointmentId, identityVerified: true });
    }
    case 'no-show':
      await letStartPass(world, appointmentId);
      return () => district.asSystem((unit) => markNoShow(unit, appointmentId));
    case 'expire-hold':
      await letHoldRunOut(world, appointmentId);
      return () => district.asSystem((unit) => expireHold(unit, appointmentId));
    case 'leave-list':
      return () => leaveWaitlist(services, context, { appointmentId });
    case 'decline-offer':
      return () => declineOffer(services, context, { appointmentId });
    case 'answer-change': {
      const slotId = sent.c % 3 === 0 ? undefined : await proposedSlot(world, appointmentId, sent);
      const answer = slotId === undefined ? ({ kind: 'decline' } as const) : ({ kind: 'accept', slotId } as const);
      const by = must([resident.actor, clinic.nurse, world.coordinator], sent.a);
      return () => answerScheduleChange(services, district.context(by, key), { appointmentId, answer });
    }
    case 'lapse-change': {
      const open = await services.db
        .selectFrom('schedule_change')
        .select('id')
        .where('appointment_id', '=', appointmentId)
        .orderBy('created_at', 'desc')
        .executeTakeFirst();
      return open === undefined ? undefined : () => district.asSystem((unit) => lapseChange(unit, open.id));
    }
  }
}
