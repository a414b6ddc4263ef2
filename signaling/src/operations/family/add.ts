import { AppError, readIdentityNumber } from '@cloud-hospital/protocol';
import { type AddMemberInput, RelatedPerson } from '@cloud-hospital/protocol/rest';
import type { Relationship } from '@cloud-hospital/protocol/states';
import { sql } from 'kysely';
import type { z } from 'zod';
import { maskIdentityNumber } from '../../domain/masking.ts';
import type { Services } from '../../Services.ts';
import type { ActorContext, Unit } from '../../store/command.ts';
import { accountOf } from '../booking/visibility.ts';
import { type SecretMessage, sendSecret } from '../inbox/sendSecret.ts';
import { activateRelation } from './activate.ts';
import { issueConsentCode } from './consentCode.ts';
import { knownMember, memberPatient } from './knownMember.ts';
import { describeRelation, isMinor, type RelationRow } from './relation.ts';

type Input = z.infer<typeof AddMemberInput>;

/** A large household; more is a business. */
const MAX_MEMBERS = 8;
/** Requests a day: each costs a stranger a message, so nobody may go through a list of numbers. */
const MAX_REQUESTS_PER_DAY = 8;
/** For whom a guardian may declare: a parent, spouse or grandparent is no minor's ward. */
const WARDS: ReadonlySet<Relationship> = new Set(['child', 'grandchild', 'sibling', 'other']);

interface Holder {
  readonly accountId: string;
  readonly phone: string | null;
  readonly identityHash: Buffer;
  readonly birthDate: string;
}

/** Locks the account: two tabs that add the same person wait for each other. */
async function lockHolder(unit: Unit, accountId: string): Promise<Holder> {
  await unit.tx.selectFrom('account').select('id').where('id', '=', accountId).forUpdate().executeTakeFirstOrThrow();
  const row = await unit.tx
    .selectFrom('account')
    .innerJoin('patient', 'patient.account_id', 'account.id')
    .select(['account.phone', 'patient.identity_hash', 'patient.birth_date'])
    .where('account.id', '=', accountId)
    .executeTakeFirst();
  // Whoever has not named themselves yet can't speak for others.
  if (row === undefined) throw new AppError('FORBIDDEN');
  return { accountId, phone: row.phone, identityHash: row.identity_hash, birthDate: row.birth_date };
}

function assertPlausible(unit: Unit, holder: Holder, hash: Buffer, input: Input): { minor: boolean } {
  const refuse = (reason: string): AppError => new AppError('BAD_REQUEST', { reason });
  if (holder.identityHash.equals(hash)) throw refuse('oneself');
  const minor = isMinor(readIdentityNumber(input.identityNumber).birthDate, unit.now);
  if (minor) {
    if (!input.guardian || !WARDS.has(input.relationship)) throw refuse('guardian-declaration');
    if (isMinor(holder.birthDate, unit.now)) throw refuse('guardian-minor');
  } else {
    if (input.phone === undefined) throw refuse('phone');
    // A code that comes back to the phone of whoever asks is nobody's consent.
    if (input.phone === holder.phone) throw refuse('own-phone');
  }
  return { minor };
}

async function assertRoom(unit: Unit, accountId: string): Promise<void> {
  const { rows } = await sql<{ current: number; today: number }>`
    SELECT count(*) FILTER (WHERE status IN ('proposed', 'active'))::int AS current,
           count(*) FILTER (WHERE requested_at > now() - interval '1 day')::int AS today
    FROM related_person WHERE account_id = ${accountId}`.execute(unit.tx);
  const { current = 0, today = 0 } = rows[0] ?? {};
  if (current >= MAX_MEMBERS) throw new AppError('LIMIT_REACHED', { limit: 'family-members', max: MAX_MEMBERS });
  if (today >= MAX_REQUESTS_PER_DAY) throw new AppError('RATE_LIMITED', { retryAfterSeconds: 3_600 });
}

const existing = (unit: Unit, accountId: string, hash: Buffer) =>
  unit.tx
    .selectFrom('related_person')
    .selectAll()
    .where('account_id', '=', accountId)
    .where('identity_hash', '=', hash)
    .where('status', 'in', ['proposed', 'active'])
    .forUpdate()
    .executeTakeFirst();

/** Asking again for somebody who has not consented yet corrects what was written and sends the code there. */
async function propose(services: Services, unit: Unit, accountId: string, hash: Buffer, input: Input) {
  const { identityCipher } = services;
  const phone = input.phone ?? null;
  const before = await existing(unit, accountId, hash);
  if (before?.status === 'active') return { relation: before, isSame: true };
  if (before !== undefined) {
    const isSame = before.name === input.name && before.phone === phone;
    const relation = await unit.tx
      .updateTable('related_person')
      .set((eb) => ({ name: input.name, phone, relationship: input.relationship, version: eb('version', '+', 1) }))
      .where('id', '=', before.id)
      .returningAll()
      .executeTakeFirstOrThrow();
    return { relation, isSame };
  }
  await assertRoom(unit, accountId);
  const relation = await unit.tx
    .insertInto('related_person')
    .values({
      account_id: accountId,
      relationship: input.relationship,
      status: 'proposed',
      name: input.name,
      identity_hash: hash,
      identity_encrypted: identityCipher.encrypt(input.identityNumber),
      identity_masked: maskIdentityNumber(input.identityNumber),
      birth_date: readIdentityNumber(input.identityNumber).birthDate,
      phone,
      requested_at: unit.now,
    })
    .returningAll()
    .executeTakeFirstOrThrow();
  return { relation, isSame: false };
}

/**
 * A guardian's declaration is consent enough for a child nobody answers for yet. Where somebody does (another parent,
 * the child's own account), or the name is another one, it waits for a desk.
 */
async function declareGuardian(services: Services, unit: Unit, relation: RelationRow): Promise<void> {
  const known = await knownMember(unit, relation.identity_hash, relation.account_id);
  if (known !== undefined && (known.name !== relation.name || known.hasKeeper)) return;
  const patientId = await memberPatient(services, unit, relation);
  await activateRelation(unit, relation, { patientId, method: 'guardian', vouched: false });
}

/**
 * Asks to act for a family member. Adults confirm by a code on their own phone or at a desk; for minors the guardian's
 * declaration counts. Nothing of the member is looked at for the answer, which is the same for known and unknown
 * numbers.
 * @throws AppError BAD_REQUEST with `reason` (oneself, phone, own-phone, guardian-declaration, guardian-minor),
 * LIMIT_REACHED, RATE_LIMITED
 */
export async function addMember(services: Services, context: ActorContext, input: Input): Promise<RelatedPerson> {
  const accountId = accountOf(context.agent);
  const hash = services.identityCipher.hash(input.identityNumber);
  const { identityNumber: _number, ...rest } = input;
  const sent: (SecretMessage<'family-code'> | null)[] = [];
  const answer = await services.commands.runOnce(
    context,
    { action: 'family.add', request: { ...rest, identity: hash.toString('hex') }, response: RelatedPerson },
    async (unit) => {
      sent.length = 0;
      const holder = await lockHolder(unit, accountId);
      const { minor } = assertPlausible(unit, holder, hash, input);
      const { relation, isSame } = await propose(
        services,
        unit,
        accountId,
        hash,
        minor ? { ...input, phone: undefined } : input,
      );
      unit.audit({
        action: 'related-person:add',
        entityKind: 'RelatedPerson',
        entityId: relation.id,
        reason: isSame ? 'again' : null,
        details: { relationship: relation.relationship, minor },
      });
      if (relation.status === 'proposed') {
        if (minor) await declareGuardian(services, unit, relation);
        else if (!isSame) sent.push(await issueConsentCode(services, unit, relation));
      }
      return describeRelation(unit, services.config, relation.id);
    },
  );
  for (const message of sent) if (message !== null) sendSecret(services, message);
  return answer;
}
