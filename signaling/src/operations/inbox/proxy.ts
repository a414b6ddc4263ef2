import { maskName } from '../../domain/masking.ts';
import type { Unit } from '../../store/command.ts';
import { isCurrent } from '../../store/family.ts';

/** The family member who booked, told the same as the patient. */
export interface ProxyRecipient {
  readonly accountId: string;
  readonly phone: string | null;
  readonly patientId: string;
  /** Read on a lock screen: the family name is enough. */
  readonly patientMasked: string;
}

/** The account that booked for a family member, while it acts for them; null for the person themselves and for staff. */
export async function proxyOf(unit: Unit, bookedBy: string | null, patientId: string): Promise<ProxyRecipient | null> {
  if (bookedBy === null) return null;
  const row = await unit.tx
    .selectFrom('related_person')
    .innerJoin('account', 'account.id', 'related_person.account_id')
    .innerJoin('patient', 'patient.id', 'related_person.patient_id')
    .select(['account.id', 'account.phone', 'patient.name'])
    .where('related_person.account_id', '=', bookedBy)
    .where('related_person.patient_id', '=', patientId)
    .where(isCurrent())
    .executeTakeFirst();
  return row === undefined
    ? null
    : { accountId: row.id, phone: row.phone, patientId, patientMasked: maskName(row.name) };
}

/** The same for what follows from a visit. */
export async function proxyOfVisit(unit: Unit, encounterId: string): Promise<ProxyRecipient | null> {
  const booking = await unit.tx
    .selectFrom('encounter')
    .innerJoin('appointment', 'appointment.id', 'encounter.appointment_id')
    .select(['appointment.booked_by_account', 'appointment.patient_id'])
    .where('encounter.id', '=', encounterId)
    .executeTakeFirst();
  return booking === undefined ? null : proxyOf(unit, booking.booked_by_account, booking.patient_id);
}
