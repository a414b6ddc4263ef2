import { DeviceId } from '@cloud-hospital/protocol';
import type { EnrolmentCodeIssued } from '@cloud-hospital/protocol/rest';
import type { z } from 'zod';
import { ENROLMENT_CODE_SECONDS, newEnrolmentCode } from '../../auth/enrolmentCodes.ts';
import type { ActorContext } from '../../store/command.ts';
import type { Services } from '../../Services.ts';
import { assertAndLockTerminal, changeTerminal } from './changeTerminal.ts';

/**
 * Makes the code that enrols a browser as this terminal: good once, for a quarter of an hour; an earlier one is void.
 * A terminal in use goes on until a browser is enrolled in its place. Not remembered under an idempotency key, since
 * the answer is a secret: a repetition makes another code.
 * @throws AppError NOT_FOUND
 */
export function issueCode(
  { commands, config }: Services,
  context: ActorContext,
  { deviceId }: { deviceId: string },
): Promise<z.infer<typeof EnrolmentCodeIssued>> {
  return commands.run(context, async (unit) => {
    const terminal = await assertAndLockTerminal(unit, deviceId);
    const { code, hash } = newEnrolmentCode(config.secrets.sessionSecret);
    const expiresAt = new Date(unit.now.getTime() + ENROLMENT_CODE_SECONDS * 1000);
    await changeTerminal(unit, terminal, {
      enrolment_code_hash: hash,
      enrolment_expires_at: expiresAt,
      ...(terminal.status === 'revoked' ? { status: 'unenrolled' as const } : {}),
    });
    unit.audit({ action: 'terminal:issue-code', entityKind: 'Device', entityId: deviceId });
    return { deviceId: DeviceId.parse(deviceId), code, expiresAt: expiresAt.toISOString() };
  });
}
