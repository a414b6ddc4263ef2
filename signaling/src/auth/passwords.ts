import { hash, verify } from '@node-rs/argon2';
import { AppError } from '@cloud-hospital/protocol';
import { sql } from 'kysely';
import { SYSTEM } from '../domain/Actor.ts';
import type { Services } from '../Services.ts';
import type { Unit } from '../store/command.ts';
import { lockSeconds } from './lockout.ts';

/** argon2id with OWASP's first recommendation: 19 MiB, two passes, one lane. */
const ARGON2 = { memoryCost: 19_456, timeCost: 2, parallelism: 1 } as const;

/** @returns a PHC string, salt and parameters included */
export const hashPassword = (password: string): Promise<string> => hash(password, ARGON2);

let nobodysHash: Promise<string> | undefined;

/**
 * Takes the same work whether there is a hash or not, so that the time doesn't tell which user names exist.
 * @param passwordHash null for an unknown user or one without a password: never true
 */
export async function verifyPassword(passwordHash: string | null, password: string): Promise<boolean> {
  nobodysHash ??= hashPassword('nobody');
  const good = await verify(passwordHash ?? (await nobodysHash), password);
  return good && passwordHash !== null;
}

/** Counts a wrong password or code; from the fifth in a row on the account rests, longer each time. */
export async function countFailure(unit: Unit, accountId: string): Promise<void> {
  const { failed_sign_ins: failures } = await unit.tx
    .updateTable('account')
    .set((eb) => ({ failed_sign_ins: eb('failed_sign_ins', '+', 1) }))
    .where('id', '=', accountId)
    .returning('failed_sign_ins')
    .executeTakeFirstOrThrow();
  const seconds = lockSeconds(failures);
  if (seconds === 0) return;
  await unit.tx
    .updateTable('account')
    .set({ locked_until: sql<Date>`now() + make_interval(secs => ${seconds})` })
    .where('id', '=', accountId)
    .execute();
}

export const clearFailures = (unit: Unit, accountId: string): Promise<unknown> =>
  unit.tx.updateTable('account').set({ failed_sign_ins: 0, locked_until: null }).where('id', '=', accountId).execute();

/**
 * Asks a signed-in person for the password again, before something as grave as a signature. Wrong ones count towards
 * the account's lock like at sign-in.
 * @throws AppError RATE_LIMITED with `retryAfterSeconds` while the account is locked
 */
export async function checkPassword(services: Services, accountId: string, password: string): Promise<boolean> {
  const { db, commands } = services;
  const account = await db
    .selectFrom('account')
    .select(['password_hash', 'disabled_at'])
    .where('id', '=', accountId)
    .executeTakeFirst();
  const good = await verifyPassword(account?.password_hash ?? null, password);
  if (account === undefined || account.disabled_at !== null) return false;
  const retryAfterSeconds = await commands.run({ agent: SYSTEM, requestId: 'password-check' }, async (unit) => {
    const { locked_until } = await unit.tx
      .selectFrom('account')
      .select('locked_until')
      .where('id', '=', accountId)
      .forUpdate()
      .executeTakeFirstOrThrow();
    if (locked_until !== null && locked_until > unit.now) {
      return Math.ceil((locked_until.getTime() - unit.now.getTime()) / 1000);
    }
    if (good) {
      await clearFailures(unit, accountId);
    } else {
      await countFailure(unit, accountId);
      unit.audit({
        action: 'password:check',
        entityKind: 'Account',
        entityId: accountId,
        outcome: 'failure',
        reason: 'password',
      });
    }
    return 0;
  });
  if (retryAfterSeconds > 0) throw new AppError('RATE_LIMITED', { retryAfterSeconds });
  return good;
}
