import { AppError, type ErrorCode, readIdentityNumber } from '@cloud-hospital/protocol';
import type { Session } from '@cloud-hospital/protocol/rest';
import { sql } from 'kysely';
import { maskIdentityNumber } from '../../domain/masking.ts';
import type { Services } from '../../Services.ts';
import type { ActorContext, Unit } from '../../store/command.ts';
import { selectLiveSessions, sessionView } from '../../store/session.view.ts';

export interface Profile {
  readonly name: string;
  readonly identityNumber: string;
}

/** Tries a day an account has: each tells whether a number is known, so nobody may go through a list. */
const MAX_REFUSALS = 5;

async function refusalsToday(unit: Unit, accountId: string): Promise<number> {
  const { refusals } = await unit.tx
    .selectFrom('audit_event')
    .select((eb) => eb.fn.countAll<string>().as('refusals'))
    .where('entity_id', '=', accountId)
    .where('action', '=', 'profile:write')
    .where('outcome', '=', 'denied')
    .where('recorded_at', '>', sql<Date>`now() - interval '1 day'`)
    .executeTakeFirstOrThrow();
  return Number(refusals);
}

/** Who has this number already: linked when staff once took down this very phone for this very name. */
async function linkKnown(
  unit: Unit,
  accountId: string,
  hash: Buffer,
  name: string,
): Promise<'linked' | 'unknown' | 'foreign'> {
  const known = await unit.tx
    .selectFrom('patient')
    .select(['id', 'account_id', 'phone', 'name'])
    .where('identity_hash', '=', hash)
    .forUpdate()
    .executeTakeFirst();
  if (known === undefined) return 'unknown';
  const { phone } = await unit.tx
    .selectFrom('account')
    .select('phone')
    .where('id', '=', accountId)
    .executeTakeFirstOrThrow();
  if (known.account_id !== null || phone === null || known.phone !== phone || known.name !== name) return 'foreign';
  await unit.tx
    .updateTable('patient')
    .set((eb) => ({ account_id: accountId, version: eb('version', '+', 1) }))
    .where('id', '=', known.id)
    .execute();
  unit.audit({ action: 'profile:link', entityKind: 'Patient', entityId: known.id, patientId: known.id });
  return 'linked';
}

/** @returns false when somebody else was written with this number a moment ago */
async function createPatient(
  { identityCipher, config }: Services,
  unit: Unit,
  accountId: string,
  hash: Buffer,
  { name, identityNumber }: Profile,
): Promise<boolean> {
  const { birthDate, gender } = readIdentityNumber(identityNumber);
  const { phone } = await unit.tx
    .selectFrom('account')
    .select('phone')
    .where('id', '=', accountId)
    .executeTakeFirstOrThrow();
  const written = await unit.tx
    .insertInto('patient')
    .values({
      account_id: accountId,
      name,
      identity_hash: hash,
      identity_encrypted: identityCipher.encrypt(identityNumber),
      identity_masked: maskIdentityNumber(identityNumber),
      birth_date: birthDate,
      gender,
      phone,
      identity_verified_at: null,
      demo: config.DEMO_DISTRICT,
    })
    .onConflict((conflict) => conflict.column('identity_hash').doNothing())
    .returning('id')
    .executeTakeFirst();
  if (written === undefined) return false;
  unit.audit({ action: 'profile:write', entityKind: 'Patient', entityId: written.id, patientId: written.id });
  return true;
}

/**
 * A resident names themselves once: the identity number becomes their patient record, or finds the one staff made.
 * @throws AppError IDENTITY_IN_USE without saying whose, LIMIT_REACHED (`already-named`) for a second number,
 * RATE_LIMITED after five refusals a day
 */
export async function writeProfile(services: Services, context: ActorContext, input: Profile): Promise<Session> {
  const { commands, identityCipher, config } = services;
  const { userId, sessionId } = context.agent;
  if (userId === null) throw new AppError('FORBIDDEN');
  const hash = identityCipher.hash(input.identityNumber);
  const outcome = await commands.run<Session | ErrorCode>(context, async (unit) => {
    // The account's row serialises two tabs that name the same person.
    await unit.tx.selectFrom('account').select('id').where('id', '=', userId).forUpdate().executeTakeFirstOrThrow();
    const own = await unit.tx
      .selectFrom('patient')
      .select('identity_hash')
      .where('account_id', '=', userId)
      .executeTakeFirst();
    if (own !== undefined && !own.identity_hash.equals(hash)) return 'LIMIT_REACHED';
    if (own === undefined) {
      if ((await refusalsToday(unit, userId)) >= MAX_REFUSALS) return 'RATE_LIMITED';
      const link = await linkKnown(unit, userId, hash, input.name);
      const isNamed =
        link === 'linked' || (link === 'unknown' && (await createPatient(services, unit, userId, hash, input)));
      if (!isNamed) {
        unit.audit({
          action: 'profile:write',
          entityKind: 'Account',
          entityId: userId,
          outcome: 'denied',
          reason: 'identity-in-use',
        });
        return 'IDENTITY_IN_USE';
      }
    }
    const row = await selectLiveSessions(unit.tx).where('session.id', '=', sessionId).executeTakeFirst();
    if (row === undefined) throw new AppError('UNAUTHENTICATED');
    return sessionView(row, config.DEMO_DISTRICT);
  });
  if (outcome === 'LIMIT_REACHED') throw new AppError('LIMIT_REACHED', { reason: 'already-named' });
  if (outcome === 'RATE_LIMITED') throw new AppError('RATE_LIMITED', { retryAfterSeconds: 3_600 });
  if (typeof outcome === 'string') throw new AppError(outcome);
  return outcome;
}
