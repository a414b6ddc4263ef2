import { type Kysely, sql } from 'kysely';
import type { WaitlistPassReason } from '@cloud-hospital/protocol/states';
import type { Config } from '../../../config.ts';
import type { Database } from '../../../store/schema.ts';
import type { Unit } from '../../../store/command.ts';
import { notify } from '../../inbox/notify.ts';
import { appointmentNotice } from '../appointmentNotice.ts';
import { announceAppointment, type LockedSlot, lockSlots, moveSlot } from '../change.ts';
import { brokenLimit } from '../limits.ts';
import { announceWaitlist } from './announce.ts';
import { isOfferable, wantsSlot } from './waiters.ts';

interface Waiter {
  readonly id: string;
  readonly patientId: string;
  readonly locationId: string | null;
  readonly version: number;
}

/** The next in order who waits for this slot; the order of the list and nothing else. */
async function nextWaiter(db: Kysely<Database>, slotId: string): Promise<Waiter | undefined> {
  return db
    .selectFrom('slot')
    .innerJoin('appointment as waiter', 'waiter.practitioner_role_id', 'slot.practitioner_role_id')
    .select(['waiter.id', 'waiter.patient_id as patientId', 'waiter.location_id as locationId', 'waiter.version'])
    .where('slot.id', '=', slotId)
    .where(wantsSlot)
    .orderBy('waiter.waitlisted_at')
    .orderBy('waiter.id')
    .limit(1)
    .executeTakeFirst();
}

/** Why this person can't be offered the slot; null: they can. Their row is locked, so that it stays true. */
async function reasonToPass(
  unit: Unit,
  config: Config,
  waiter: Waiter,
  slot: LockedSlot,
): Promise<WaitlistPassReason | null> {
  await unit.tx.selectFrom('patient').select('id').where('id', '=', waiter.patientId).forNoKeyUpdate().execute();
  const busy = await unit.tx
    .selectFrom('appointment')
    .select('id')
    .where('patient_id', '=', waiter.patientId)
    .where('status', 'in', ['pending', 'booked', 'checked-in', 'fulfilled'])
    .where(sql<boolean>`period && ${slot.period}::tstzrange`)
    .limit(1)
    .executeTakeFirst();
  if (busy !== undefined) return 'busy';
  return (await brokenLimit(unit, config, { ...slot, patientId: waiter.patientId })) === null ? null : 'limit';
}

/** The offer is a hold of the slot under the waiting appointment's own id. */
async function makeOffer(unit: Unit, config: Config, waiter: Waiter, slot: LockedSlot): Promise<boolean> {
  const { tx } = unit;
  const expiresAt = new Date(Math.min(unit.now.getTime() + config.WAITLIST_OFFER_SECONDS * 1000, slot.start.getTime()));
  const version = waiter.version + 1;
  const moved = await tx
    .updateTable('appointment')
    .set({
      status: 'pending',
      slot_id: slot.id,
      period: slot.period,
      practitioner_id: slot.practitionerId,
      hold_expires_at: expiresAt,
      version,
      updated_at: unit.now,
    })
    .where('id', '=', waiter.id)
    .where('status', '=', 'waitlist')
    .where('version', '=', waiter.version)
    .executeTakeFirst();
  // Left the list this very moment: the next one is asked.
  if (moved.numUpdatedRows !== 1n) return false;
  await moveSlot(tx, slot.id, 'busy-tentative');
  await tx
    .insertInto('waitlist_offer')
    .values({ appointment_id: waiter.id, slot_id: slot.id, outcome: 'open' })
    .execute();
  unit.schedule({ kind: 'appointment.hold-expiry', subjectId: waiter.id, dueAt: expiresAt });
  const { params, ...notice } = await appointmentNotice(unit, waiter.id);
  await notify(unit, {
    kind: 'waitlist-offer',
    ...notice,
    params: {
      time: params.time,
      specialist: params.specialist,
      minutes: String(Math.max(1, Math.floor((expiresAt.getTime() - unit.now.getTime()) / 60_000))),
    },
    dedupeKey: `waitlist-offer:${waiter.id}:${slot.id}`,
    notAfter: expiresAt,
  });
  announceAppointment(unit, {
    appointmentId: waiter.id,
    patientId: waiter.patientId,
    practitionerRoleId: slot.practitionerRoleId,
    locationId: null,
    status: 'pending',
    version,
    start: slot.start,
  });
  unit.audit({
    action: 'waitlist:offer',
    entityKind: 'Appointment',
    entityId: waiter.id,
    patientId: waiter.patientId,
    details: { slot: slot.id },
  });
  return true;
}

/** Nobody is passed over silently: the reason is kept and shown to them. */
async function passOver(unit: Unit, waiter: Waiter, slot: LockedSlot, reason: WaitlistPassReason): Promise<void> {
  await unit.tx
    .insertInto('waitlist_offer')
    .values({ appointment_id: waiter.id, slot_id: slot.id, outcome: 'passed-over', reason, ended_at: unit.now })
    .execute();
  unit.audit({
    action: 'waitlist:pass-over',
    entityKind: 'Appointment',
    entityId: waiter.id,
    patientId: waiter.patientId,
    reason,
    details: { slot: slot.id },
  });
}

/**
 * Job `waitlist.offer`: a slot became free while people wait for it. Offers it to the next in order; when nobody is left
 * it is free to everybody. Running it again changes nothing: a slot that is not free, or that all were asked about, is
 * left alone.
 * @returns whether somebody was offered it
 */
export async function offerSlot(unit: Unit, config: Config, slotId: string): Promise<boolean> {
  const slot = (await lockSlots(unit.tx, [slotId])).get(slotId);
  if (slot?.status !== 'free') return false;
  const inTime = await unit.tx
    .selectFrom('slot')
    .select('id')
    .where('id', '=', slotId)
    .where(isOfferable)
    .executeTakeFirst();
  let offered = false;
  if (inTime !== undefined) {
    for (;;) {
      const waiter = await nextWaiter(unit.tx, slotId);
      if (waiter === undefined) break;
      const reason = await reasonToPass(unit, config, waiter, slot);
      if (reason !== null) await passOver(unit, waiter, slot, reason);
      else if (await makeOffer(unit, config, waiter, slot)) {
        offered = true;
        await announceWaitlist(unit, slot.practitionerRoleId, waiter.patientId);
        break;
      }
    }
  }
  // Asked: what nobody waits for is everybody's again.
  await unit.tx.updateTable('slot').set({ waitlist_until: unit.now }).where('id', '=', slotId).execute();
  return offered;
}
