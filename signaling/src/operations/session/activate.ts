import { AppError, type ErrorCode } from '@cloud-hospital/protocol';
import type { ActivationInput } from '@cloud-hospital/protocol/rest';
import type { z } from 'zod';
import { isActivationCode } from '../../auth/activationCodes.ts';
import { clearFailures, countFailure, hashPassword } from '../../auth/passwords.ts';
import { SYSTEM } from '../../domain/Actor.ts';
import type { Services } from '../../Services.ts';
import type { Unit } from '../../store/command.ts';
import { auditRefusal } from './openSession.ts';

/** Whoever guesses the name would guess the password with it. */
const followsFromName = (password: string, username: string): boolean =>
  password.toLowerCase().includes(username.toLowerCase());

/**
 * Staff choose their password with the one-time code that the administrator handed them, for a new account or after a
 * forgotten password. All their sessions end. An unknown name, a wrong code and an expired one answer alike; wrong ones
 * count towards the account's lock like wrong passwords.
 * @throws AppError ACTIVATION_CODE_INVALID, PASSWORD_WEAK when it holds the user name
 */
export async function activate(
  { commands, config, sessions }: Services,
  requestId: string,
  input: z.infer<typeof ActivationInput>,
): Promise<Record<string, never>> {
  const username = input.username.toLowerCase();
  if (followsFromName(input.password, username)) throw new AppError('PASSWORD_WEAK');
  // Outside any transaction, and before anything is known: it takes tens of milliseconds of a core.
  const passwordHash = await hashPassword(input.password);

  const attempt = async (unit: Unit): Promise<ErrorCode | undefined> => {
    const account = await unit.tx
      .selectFrom('account')
      .select(['id', 'activation_code_hash', 'activation_expires_at', 'locked_until', 'disabled_at'])
      .where('username', '=', username)
      .forUpdate()
      .executeTakeFirst();
    const refuse = (reason: string): ErrorCode => {
      auditRefusal(unit, account?.id ?? null, reason);
      return 'ACTIVATION_CODE_INVALID';
    };
    if (account === undefined) return refuse('unknown');
    if (account.locked_until !== null && account.locked_until > unit.now) return refuse('locked');
    const { activation_code_hash: hash, activation_expires_at: expiresAt } = account;
    if (hash === null || expiresAt === null || !isActivationCode(config.secrets.sessionSecret, input.code, hash)) {
      await countFailure(unit, account.id);
      return refuse('activation-code');
    }
    if (expiresAt <= unit.now || account.disabled_at !== null) return refuse('activation-expired');
    await unit.tx
      .updateTable('account')
      .set({ password_hash: passwordHash, activation_code_hash: null, activation_expires_at: null })
      .where('id', '=', account.id)
      .execute();
    await clearFailures(unit, account.id);
    await sessions.end(unit, { accountId: account.id }, 'revoked');
    unit.audit({ action: 'account:activate', entityKind: 'Account', entityId: account.id });
    return undefined;
  };
  const refused = await commands.run({ agent: SYSTEM, requestId }, attempt);
  if (refused !== undefined) throw new AppError(refused);
  return {};
}
