import { maskIdentityNumber } from '../../domain/masking.ts';
import type { Services } from '../../Services.ts';
import type { Unit } from '../../store/command.ts';
import { isCurrent } from '../../store/family.ts';
import type { RelationRow } from './relation.ts';

export interface KnownMember {
  readonly id: string;
  readonly name: string;
  /** Phones that were taken down for this person: by staff, or by the person's own sign-in. */
  readonly phones: readonly string[];
  /** Of these, the one that proves who answers it; null where nothing does. */
  readonly provenPhone: string | null;
  /** Somebody answers for this record already: the person's own account, or another account that acts for them. */
  readonly hasKeeper: boolean;
}

/** The patient behind an identity number, as far as a consent depends on it; undefined for somebody new. */
export async function knownMember(unit: Unit, hash: Buffer, accountId: string): Promise<KnownMember | undefined> {
  const row = await unit.tx
    .selectFrom('patient')
    .leftJoin('account', 'account.id', 'patient.account_id')
    .select((eb) => [
      'patient.id',
      'patient.name',
      'patient.phone',
      'patient.account_id',
      'patient.identity_verified_at',
      'patient.created_at',
      'account.phone as account_phone',
      eb
        .exists(
          eb
            .selectFrom('related_person')
            .select('related_person.id')
            .whereRef('related_person.patient_id', '=', 'patient.id')
            .where('related_person.account_id', '<>', accountId)
            .where(isCurrent()),
        )
        .as('represented'),
    ])
    .where('patient.identity_hash', '=', hash)
    .executeTakeFirst();
  if (row === undefined) return undefined;
  const { identity_verified_at: seenAt } = row;
  // A phone that came with somebody's say-so stays a say-so when the card is seen later. What counts is the phone the
  // person signs in with, or one that staff took down when they made the record.
  const madeAtDesk = row.account_id === null && seenAt !== null && seenAt <= row.created_at;
  return {
    id: row.id,
    name: row.name,
    phones: [row.phone, row.account_phone].filter((phone) => phone !== null),
    provenPhone: seenAt === null ? null : madeAtDesk ? row.phone : row.account_phone,
    hasKeeper: row.account_id !== null || row.represented === true,
  };
}

/** Whether what the holder wrote can be of this person: a code to a phone proves nothing about anybody else. */
export const fits = (known: KnownMember | undefined, name: string, phone: string): boolean =>
  known === undefined || (known.name === name && known.phones.includes(phone));

/** The patient of a relation that is consented to; made when the number was unknown. Two who consent at once get one. */
export async function memberPatient(
  { identityCipher, config }: Services,
  unit: Unit,
  relation: RelationRow,
): Promise<string> {
  const find = () =>
    unit.tx.selectFrom('patient').select('id').where('identity_hash', '=', relation.identity_hash).executeTakeFirst();
  const before = await find();
  if (before !== undefined) return before.id;
  if (relation.identity_encrypted === null) throw new Error('a relation that awaits consent keeps the number');
  const number = identityCipher.decrypt(relation.identity_encrypted);
  const written = await unit.tx
    .insertInto('patient')
    .values({
      account_id: null,
      name: relation.name,
      identity_hash: relation.identity_hash,
      identity_encrypted: relation.identity_encrypted,
      identity_masked: maskIdentityNumber(number),
      birth_date: relation.birth_date,
      gender: Number(number.charAt(16)) % 2 === 1 ? 'male' : 'female',
      phone: relation.phone,
      identity_verified_at: null,
      demo: config.DEMO_DISTRICT,
    })
    .onConflict((conflict) => conflict.column('identity_hash').doNothing())
    .returning('id')
    .executeTakeFirst();
  if (written !== undefined) return written.id;
  const other = await find();
  if (other === undefined) throw new Error('a patient that could not be written must be there');
  return other.id;
}
