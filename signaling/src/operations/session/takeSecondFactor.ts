import { BackupCode } from '@cloud-hospital/protocol/rest';
import { acceptedStep, backupCodeHash, secondFactorBox } from '../../auth/totp.ts';
import type { Services } from '../../Services.ts';
import type { Unit } from '../../store/command.ts';

/**
 * Takes a TOTP code or a backup code, each good once. The caller holds the account's row locked and counts failures.
 * @returns whether it was good
 */
export async function takeSecondFactor(
  { config }: Services,
  unit: Unit,
  accountId: string,
  code: string,
): Promise<boolean> {
  const box = secondFactorBox(config.secrets.identityKey);
  const account = await unit.tx
    .selectFrom('account')
    .select(['totp_secret', 'totp_last_step', 'backup_code_hashes'])
    .where('id', '=', accountId)
    .executeTakeFirstOrThrow();
  if (account.totp_secret === null) return false;
  const write = unit.tx.updateTable('account').where('id', '=', accountId);
  if (BackupCode.safeParse(code).success) {
    const hash = backupCodeHash(box, code);
    const left = account.backup_code_hashes.filter((kept) => kept !== hash);
    if (left.length === account.backup_code_hashes.length) return false;
    await write.set({ backup_code_hashes: left }).execute();
    return true;
  }
  const lastStep = account.totp_last_step === null ? null : BigInt(account.totp_last_step);
  const step = acceptedStep(box.decrypt(account.totp_secret), code, unit.now, lastStep);
  if (step === null) return false;
  await write.set({ totp_last_step: step }).execute();
  return true;
}
