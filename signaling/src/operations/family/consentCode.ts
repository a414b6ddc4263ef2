import { AppError } from '@cloud-hospital/protocol';
import { sql } from 'kysely';
import { consentCodeHash, newConsentCode } from '../../auth/consentCodes.ts';
import type { Services } from '../../Services.ts';
import type { Unit } from '../../store/command.ts';
import { recordSecret, type SecretMessage } from '../inbox/sendSecret.ts';
import { fits, knownMember } from './knownMember.ts';
import { holderOf, type RelationRow } from './relation.ts';

/** Codes a day that one account may cause, and that one phone may get: nobody's phone is flooded by a stranger. */
const MAX_OF_ACCOUNT = 10;
const MAX_OF_PHONE = 5;

async function assertFewCodes(services: Services, unit: Unit, relation: RelationRow, phone: string): Promise<void> {
  const { LOGIN_CODE_RESEND_SECONDS: wait } = services.config;
  if (relation.code_sent_at !== null) {
    const left = Math.ceil((relation.code_sent_at.getTime() - unit.now.getTime()) / 1000 + wait);
    if (left > 0) throw new AppError('RATE_LIMITED', { retryAfterSeconds: left });
  }
  const { rows } = await sql<{ of_account: number; of_phone: number }>`
    SELECT coalesce(sum(codes_sent) FILTER (WHERE account_id = ${relation.account_id}), 0)::int AS of_account,
           coalesce(sum(codes_sent) FILTER (WHERE phone = ${phone}), 0)::int AS of_phone
    FROM related_person
    WHERE (account_id = ${relation.account_id} AND requested_at > now() - interval '1 day')
       OR (phone = ${phone} AND code_sent_at > now() - interval '1 day')`.execute(unit.tx);
  const { of_account: ofAccount = 0, of_phone: ofPhone = 0 } = rows[0] ?? {};
  if (ofAccount >= MAX_OF_ACCOUNT || ofPhone >= MAX_OF_PHONE) {
    throw new AppError('RATE_LIMITED', { retryAfterSeconds: 3_600 });
  }
}

/**
 * Makes the relation's new code and, if the phone can be the member's, the message with it. Where name or phone don't
 * agree with what is on record no message leaves and nothing tells the difference: the answer must not say whether a
 * number is known.
 * @returns what is to be sent after the commit
 * @throws AppError RATE_LIMITED
 */
export async function issueConsentCode(
  services: Services,
  unit: Unit,
  relation: RelationRow,
): Promise<SecretMessage<'family-code'> | null> {
  const { phone } = relation;
  if (phone === null) return null;
  await assertFewCodes(services, unit, relation, phone);
  const { config } = services;
  const code = newConsentCode();
  await unit.tx
    .updateTable('related_person')
    .set((eb) => ({
      code_hash: consentCodeHash(config.secrets.sessionSecret, relation.id, code),
      code_sent_at: unit.now,
      code_expires_at: sql<Date>`now() + make_interval(secs => ${config.LOGIN_CODE_SECONDS})`,
      code_tries: 0,
      codes_sent: eb('codes_sent', '+', 1),
      version: eb('version', '+', 1),
    }))
    .where('id', '=', relation.id)
    .execute();
  unit.audit({ action: 'related-person:send-code', entityKind: 'RelatedPerson', entityId: relation.id });
  const known = await knownMember(unit, relation.identity_hash, relation.account_id);
  if (!fits(known, relation.name, phone)) return null;
  const { name: holder } = await holderOf(unit, relation.account_id);
  const minutes = String(Math.ceil(config.LOGIN_CODE_SECONDS / 60));
  return recordSecret(
    services,
    unit,
    { phone, kind: 'family-code', params: { holder, code, minutes } },
    'code',
    relation.id,
  );
}
