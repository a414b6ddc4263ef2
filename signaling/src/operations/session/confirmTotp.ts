import { AppError } from '@cloud-hospital/protocol';
import { countFailure } from '../../auth/passwords.ts';
import { acceptedStep, secondFactorBox } from '../../auth/totp.ts';
import type { ActorContext } from '../../store/command.ts';
import type { Services } from '../../Services.ts';

/**
 * The first code proves that the authenticator has the secret: from now on every sign-in asks for one.
 * @throws AppError INVALID_TRANSITION when nothing awaits confirmation, CODE_WRONG
 */
export async function confirmTotp(
  { commands, config }: Services,
  context: ActorContext,
  { totp }: { totp: string },
): Promise<Record<string, never>> {
  const { userId, sessionId } = context.agent;
  if (userId === null) throw new AppError('FORBIDDEN');
  const box = secondFactorBox(config.secrets.identityKey);
  const isGood = await commands.run(context, async (unit) => {
    const account = await unit.tx
      .selectFrom('account')
      .select(['totp_pending_secret', 'locked_until'])
      .where('id', '=', userId)
      .forUpdate()
      .executeTakeFirstOrThrow();
    if (account.totp_pending_secret === null) throw new AppError('INVALID_TRANSITION');
    if (account.locked_until !== null && account.locked_until > unit.now) return false;
    const step = acceptedStep(box.decrypt(account.totp_pending_secret), totp, unit.now, null);
    if (step === null) {
      await countFailure(unit, userId);
      return false;
    }
    await unit.tx
      .updateTable('account')
      .set({
        totp_secret: account.totp_pending_secret,
        totp_pending_secret: null,
        totp_confirmed_at: unit.now,
        totp_last_step: step,
      })
      .where('id', '=', userId)
      .execute();
    await unit.tx.updateTable('session').set({ second_factor_at: unit.now }).where('id', '=', sessionId).execute();
    unit.audit({ action: 'second-factor:confirm', entityKind: 'Account', entityId: userId });
    return true;
  });
  if (!isGood) throw new AppError('CODE_WRONG');
  return {};
}
