import { AppError } from '@cloud-hospital/protocol';
import type { HelperView } from '@cloud-hospital/protocol/rest';
import { sql } from 'kysely';
import { tokenHash } from '../../auth/token.ts';
import { SYSTEM } from '../../domain/Actor.ts';
import { maskName } from '../../domain/masking.ts';
import type { Services } from '../../Services.ts';
import type { Unit } from '../../store/command.ts';
import { isRepresenting } from '../../store/family.ts';
import { ticketQr } from '../booking/ticketQr.ts';
import { placeOf } from '../queue/place.ts';

interface Secrets {
  readonly token: string;
  /** Of the browser that asks. */
  readonly key: string;
}

const findLink = (unit: Unit, token: string) =>
  unit.tx
    .selectFrom('helper_link as link')
    .innerJoin('appointment', 'appointment.id', 'link.appointment_id')
    .innerJoin('patient', 'patient.id', 'appointment.patient_id')
    .innerJoin('practitioner', 'practitioner.id', 'appointment.practitioner_id')
    .innerJoin('location', 'location.id', 'appointment.location_id')
    .leftJoin('encounter', 'encounter.appointment_id', 'appointment.id')
    .select([
      'link.id',
      'link.key_hash',
      'link.open_until',
      'link.revoked_at',
      'link.created_by_account',
      'link.created_by_role',
      'appointment.id as appointment_id',
      'appointment.status',
      'appointment.ticket_number',
      'appointment.patient_id',
      'patient.name as patient',
      'patient.account_id as patient_account',
      'practitioner.name as specialist',
      'location.name_zh',
      'location.name_en',
      'location.address',
      'location.phone as clinic_phone',
      sql<boolean>`coalesce(encounter.by_phone, appointment.by_phone)`.as('by_phone'),
      sql<Date>`lower(appointment.period)`.as('start'),
      sql<string | null>`(SELECT entry.id FROM queue_entry entry WHERE entry.encounter_id = encounter.id
        ORDER BY entry.checked_in_at DESC LIMIT 1)`.as('queue_entry_id'),
    ])
    .where('link.token_hash', '=', tokenHash(token))
    // Two browsers that open it at once wait for each other: one of them is the first.
    .forUpdate('link')
    .executeTakeFirst();

type Link = NonNullable<Awaited<ReturnType<typeof findLink>>>;
type Refusal = 'revoked' | 'over' | 'expired' | 'opened-elsewhere' | 'relation-ended';

/** Why it opens nothing (any more); null when it does. */
async function refusalOf(unit: Unit, link: Link, keyHash: Buffer): Promise<Refusal | null> {
  if (link.revoked_at !== null) return 'revoked';
  if (link.status !== 'booked' && link.status !== 'checked-in') return 'over';
  if (link.key_hash === null && link.open_until <= unit.now) return 'expired';
  if (link.key_hash !== null && !link.key_hash.equals(keyHash)) return 'opened-elsewhere';
  const byFamily = link.created_by_role === 'resident' && link.created_by_account !== link.patient_account;
  if (byFamily && !(await isRepresenting(unit.tx, link.created_by_account, link.patient_id))) return 'relation-ended';
  return null;
}

async function placeIn(unit: Unit, queueEntryId: string | null): Promise<HelperView['place']> {
  if (queueEntryId === null) return null;
  const { queue_id: queueId } = await unit.tx
    .selectFrom('queue_entry')
    .select('queue_id')
    .where('id', '=', queueEntryId)
    .executeTakeFirstOrThrow();
  const { version, state, position, ahead, expected, orderReason, availability, breakUntil } = await placeOf(
    unit,
    queueId,
    queueEntryId,
  );
  return { version, state, position, ahead, expected, orderReason, availability, breakUntil };
}

/**
 * What a helper sees. The first browser to open the link binds it to its own key; for everybody else, and once the visit
 * is over, there is nothing at this address. The first opening and every refused one leave an AuditEvent.
 * @throws AppError NOT_FOUND for whatever reason, also for links that never were
 */
export async function openHelperLink(
  { commands, config }: Services,
  { requestId }: { readonly requestId: string },
  { token, key }: Secrets,
): Promise<HelperView> {
  const view = await commands.run<HelperView | null>({ agent: SYSTEM, requestId }, async (unit) => {
    const link = await findLink(unit, token);
    if (link === undefined) return null;
    const keyHash = tokenHash(key);
    const refusal = await refusalOf(unit, link, keyHash);
    const audit = (outcome: 'success' | 'denied', reason: string | null): void =>
      unit.audit({
        action: 'helper-link:open',
        entityKind: 'HelperLink',
        entityId: link.id,
        patientId: link.patient_id,
        outcome,
        reason,
        details: { appointmentId: link.appointment_id },
      });
    if (refusal !== null) {
      audit('denied', refusal);
      return null;
    }
    if (link.key_hash === null) {
      await unit.tx
        .updateTable('helper_link')
        .set({ key_hash: keyHash, opened_at: unit.now })
        .where('id', '=', link.id)
        .execute();
      audit('success', null);
    }
    return {
      patientNameMasked: maskName(link.patient),
      status: link.status === 'checked-in' ? 'checked-in' : 'booked',
      start: link.start.toISOString(),
      specialistName: link.specialist,
      clinicName: { zh: link.name_zh, en: link.name_en },
      clinicAddress: link.address,
      clinicPhone: link.clinic_phone,
      ticketNumber: link.ticket_number ?? '',
      ticketQr: ticketQr(config, link.appointment_id),
      byPhone: link.by_phone,
      place: await placeIn(unit, link.queue_entry_id),
      now: unit.now.toISOString(),
    };
  });
  if (view === null) throw new AppError('NOT_FOUND');
  return view;
}
