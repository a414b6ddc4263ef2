import { AppError, EncounterId } from '@cloud-hospital/protocol';
import type { EnterGuestLinkInput, GuestView, OpenGuestLinkInput } from '@cloud-hospital/protocol/rest';
import type { z } from 'zod';
import { tokenHash } from '../../auth/token.ts';
import { SYSTEM } from '../../domain/Actor.ts';
import { maskName } from '../../domain/masking.ts';
import type { Services } from '../../Services.ts';
import type { Unit } from '../../store/command.ts';
import { tellPeople } from './tellPeople.ts';

const findLink = (unit: Unit, token: string) =>
  unit.tx
    .selectFrom('guest_link as link')
    .innerJoin('encounter', 'encounter.id', 'link.encounter_id')
    .innerJoin('room', 'room.encounter_id', 'encounter.id')
    .innerJoin('patient', 'patient.id', 'encounter.patient_id')
    .innerJoin('practitioner', 'practitioner.id', 'encounter.practitioner_id')
    .innerJoin('location', 'location.id', 'encounter.location_id')
    .select([
      'link.id',
      'link.kind',
      'link.key_hash',
      'link.guest_name',
      'link.created_by_name',
      'link.open_until',
      'link.ended_at',
      'encounter.id as encounter_id',
      'encounter.patient_id',
      'room.closed_at',
      'patient.name as patient',
      'practitioner.name as specialist',
      'location.name_zh',
      'location.name_en',
      'location.phone as clinic_phone',
    ])
    .where('link.token_hash', '=', tokenHash(token))
    // Two browsers that open it at once wait for each other: one of them is the first.
    .forUpdate('link')
    .executeTakeFirst();

type Link = NonNullable<Awaited<ReturnType<typeof findLink>>>;
type Refusal = 'ended' | 'over' | 'expired' | 'opened-elsewhere';

/** Why it opens nothing (any more); null when it does. */
function refusalOf(unit: Unit, link: Link, keyHash: Buffer): Refusal | null {
  if (link.ended_at !== null) return 'ended';
  if (link.closed_at !== null) return 'over';
  if (link.key_hash === null && link.open_until <= unit.now) return 'expired';
  if (link.key_hash !== null && !link.key_hash.equals(keyHash)) return 'opened-elsewhere';
  return null;
}

const view = (link: Link, name: string | null): GuestView => ({
  encounterId: EncounterId.parse(link.encounter_id),
  kind: link.kind,
  name,
  invitedBy: link.created_by_name,
  patientNameMasked: maskName(link.patient),
  specialistName: link.specialist,
  clinicName: { zh: link.name_zh, en: link.name_en },
  clinicPhone: link.clinic_phone,
});

/** Opens the link for the browser with this key. @returns null when it opens nothing; that is audited */
async function take(unit: Unit, action: string, { token, key }: z.infer<typeof OpenGuestLinkInput>) {
  const link = await findLink(unit, token);
  if (link === undefined) return null;
  const keyHash = tokenHash(key);
  const refusal = refusalOf(unit, link, keyHash);
  const audit = (outcome: 'success' | 'denied', reason: string | null): void =>
    unit.audit({
      action,
      entityKind: 'GuestLink',
      entityId: link.id,
      patientId: link.patient_id,
      outcome,
      reason,
      details: { encounterId: link.encounter_id },
    });
  if (refusal !== null) {
    audit('denied', refusal);
    return null;
  }
  const isFirst = link.key_hash === null;
  if (isFirst) {
    await unit.tx
      .updateTable('guest_link')
      .set({ key_hash: keyHash, opened_at: unit.now })
      .where('id', '=', link.id)
      .execute();
    await tellPeople(unit, link.encounter_id);
  }
  return { link, isFirst, audit };
}

/**
 * What a guest is told before the call. The first browser to open the link binds it to its own key; for everybody else,
 * and once the right has ended, there is nothing at this address.
 * @throws AppError NOT_FOUND for whatever reason, also for links that never were
 */
export async function openGuestLink(
  { commands }: Services,
  { requestId }: { readonly requestId: string },
  input: z.infer<typeof OpenGuestLinkInput>,
): Promise<GuestView> {
  const opened = await commands.run({ agent: SYSTEM, requestId }, async (unit) => {
    const taken = await take(unit, 'guest-link:open', input);
    if (taken === null) return null;
    if (taken.isFirst) taken.audit('success', null);
    return view(taken.link, taken.link.guest_name);
  });
  if (opened === null) throw new AppError('NOT_FOUND');
  return opened;
}

/**
 * Opens the guest's session: good for the one room, as long as the link is. A name once said stays. Safe to repeat; an
 * earlier session of the same link ends.
 * @throws AppError NOT_FOUND
 */
export async function enterAsGuest(
  { commands, sessions }: Services,
  { requestId }: { readonly requestId: string },
  input: z.infer<typeof EnterGuestLinkInput>,
): Promise<{ view: GuestView; setCookie: string }> {
  const entered = await commands.run({ agent: SYSTEM, requestId }, async (unit) => {
    const taken = await take(unit, 'guest-link:enter', input);
    if (taken === null) return null;
    const { link, audit } = taken;
    const name = link.guest_name ?? input.name;
    await unit.tx.updateTable('guest_link').set({ guest_name: name }).where('id', '=', link.id).execute();
    const earlier = await unit.tx
      .selectFrom('session')
      .select('id')
      .where('guest_link_id', '=', link.id)
      .where('revoked_at', 'is', null)
      .execute();
    if (earlier.length > 0) {
      await sessions.end(unit, { sessionIds: earlier.map(({ id }) => id) }, 'signed-out');
    }
    const { setCookie } = await sessions.createForGuest(unit, link.id);
    audit('success', null);
    await tellPeople(unit, link.encounter_id);
    return { view: view(link, name), setCookie };
  });
  if (entered === null) throw new AppError('NOT_FOUND');
  return entered;
}
