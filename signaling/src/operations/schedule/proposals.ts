import type { ProposalKind } from '@cloud-hospital/protocol/states';
import { sql } from 'kysely';
import { bookingWindowEnd, slotIsFree } from '../../store/freeSlots.ts';
import type { Unit } from '../../store/command.ts';
import type { ScheduleServices } from './ScheduleServices.ts';

/** How many are offered of each kind, as far as there are any. */
const WANTED: Readonly<Record<ProposalKind, number>> = { substitute: 1, 'other-time': 3 };
/** Nobody reaches a clinic sooner. Minutes. */
const LEAD_MINUTES = 30;

/**
 * Keeps an open case's proposals true: what somebody took meanwhile is marked as gone, and the nearest free slots take its
 * place. A substitute is the specialist of the same department who is free nearest to the old time, of the same hospital
 * where two are equally near; other times are the same specialist's, at about the same hour of the nearest days. Slots that are offered to nobody else come first among
 * the near ones, so that people whose times went together don't all reach for the same one.
 */
export async function refreshProposals(
  { config }: ScheduleServices,
  unit: Unit,
  scheduleChangeId: string,
): Promise<void> {
  const { tx } = unit;
  await tx
    .updateTable('schedule_change_proposal')
    .set({ gone_at: unit.now })
    .where('schedule_change_id', '=', scheduleChangeId)
    .where('gone_at', 'is', null)
    .where((eb) =>
      eb.not(
        eb.exists(
          eb
            .selectFrom('slot')
            .select('slot.id')
            .whereRef('slot.id', '=', 'schedule_change_proposal.slot_id')
            .where(slotIsFree)
            .where(sql<boolean>`lower(slot.period) > now() + make_interval(mins => ${LEAD_MINUTES}::int)`),
        ),
      ),
    )
    .execute();
  const windowEnd = bookingWindowEnd(unit.now, config.BOOKING_WINDOW_DAYS);
  for (const kind of ['substitute', 'other-time'] as const) {
    await sql`
      INSERT INTO schedule_change_proposal (schedule_change_id, slot_id, kind)
      SELECT change.id, candidate.id, ${kind}
      FROM schedule_change AS change
      JOIN appointment ON appointment.id = change.appointment_id
      JOIN practitioner_role AS own ON own.id = change.practitioner_role_id
      CROSS JOIN LATERAL (
        SELECT slot.id
        FROM practitioner_role AS role
        JOIN slot ON slot.practitioner_role_id = role.id
        WHERE role.active AND role.role = 'specialist' AND role.department_code = own.department_code
          AND (role.id = own.id) = (${kind} = 'other-time')
          -- Whoever wants to be seen at home is offered no substitute who sees nobody there.
          AND (role.phone_visits OR role.id = own.id OR NOT appointment.by_phone)
          AND ${slotIsFree}
          AND lower(slot.period) > now() + make_interval(mins => ${LEAD_MINUTES}::int) AND lower(slot.period) < ${windowEnd}
          -- Neither the patient nor the specialist is with somebody else then.
          AND NOT EXISTS (
            SELECT FROM appointment AS other
            WHERE other.id <> appointment.id AND other.status IN ('pending', 'booked', 'checked-in', 'fulfilled')
              AND (other.status <> 'pending' OR other.hold_expires_at > now())
              AND other.period && slot.period
              AND (other.patient_id = change.patient_id OR other.practitioner_id = slot.practitioner_id))
          AND NOT EXISTS (
            SELECT FROM schedule_change_proposal AS known
            WHERE known.schedule_change_id = change.id AND known.slot_id = slot.id AND known.gone_at IS NULL)
        ORDER BY
          EXISTS (
            SELECT FROM schedule_change_proposal AS offered
            JOIN schedule_change AS their ON their.id = offered.schedule_change_id AND their.status = 'open'
            WHERE offered.slot_id = slot.id AND offered.gone_at IS NULL),
          -- Of other times the one nearest to the same hour of each day comes before a second one of any day.
          CASE ${kind}::text WHEN 'other-time' THEN row_number() OVER (
            PARTITION BY (lower(slot.period) AT TIME ZONE 'Asia/Shanghai')::date
            ORDER BY abs(extract(epoch FROM (lower(slot.period) AT TIME ZONE 'Asia/Shanghai')::time
              - (lower(appointment.period) AT TIME ZONE 'Asia/Shanghai')::time)), slot.id)
          END,
          abs(extract(epoch FROM lower(slot.period) - lower(appointment.period))),
          role.organization_id <> own.organization_id,
          slot.id
        LIMIT greatest(0, ${WANTED[kind]} - (
          SELECT count(*) FROM schedule_change_proposal AS live
          WHERE live.schedule_change_id = change.id AND live.kind = ${kind} AND live.gone_at IS NULL))
      ) AS candidate
      WHERE change.id = ${scheduleChangeId} AND change.status = 'open'
      -- Gone once and free again.
      ON CONFLICT (schedule_change_id, slot_id) DO UPDATE SET gone_at = NULL, offered_at = now()`.execute(tx);
  }
}
