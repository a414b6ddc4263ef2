import { AppError } from '@cloud-hospital/protocol';
import type { TotpEnrolment } from '@cloud-hospital/protocol/rest';
import { checkPassword } from '../../auth/passwords.ts';
import { backupCodeHash, newBackupCodes, newTotpSecret, secondFactorBox } from '../../auth/totp.ts';
import type { ActorContext } from '../../store/command.ts';
import type { Services } from '../../Services.ts';

/**
 * Makes a new secret, good from its first entered code on; the present one stays good until then. Backup codes are
 * shown this once and replace earlier ones.
 * @throws AppError PASSWORD_WRONG, RATE_LIMITED
 */
export async function enrolTotp(
  services: Services,
  context: ActorContext,
  { password }: { password: string },
): Promise<TotpEnrolment> {
  const { userId } = context.agent;
  if (userId === null) throw new AppError('FORBIDDEN');
  if (!(await checkPassword(services, userId, password))) throw new AppError('PASSWORD_WRONG');
  const box = secondFactorBox(services.config.secrets.identityKey);
  return services.commands.run(context, async (unit) => {
    const { username } = await unit.tx
      .selectFrom('account')
      .select('username')
      .where('id', '=', userId)
      .forUpdate()
      .executeTakeFirstOrThrow();
    const { secret, otpauthUrl } = newTotpSecret(username ?? '');
    const backupCodes = newBackupCodes();
    await unit.tx
      .updateTable('account')
      .set({
        totp_pending_secret: box.encrypt(secret),
        backup_code_hashes: backupCodes.map((code) => backupCodeHash(box, code)),
      })
      .where('id', '=', userId)
      .execute();
    unit.audit({ action: 'second-factor:enrol', entityKind: 'Account', entityId: userId });
    return { secret, otpauthUrl, backupCodes };
  });
}
