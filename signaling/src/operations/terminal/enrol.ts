import { AppError, DeviceId, type LocalizedText } from '@cloud-hospital/protocol';
import type { EnrolInput } from '@cloud-hospital/protocol/rest';
import type { z } from 'zod';
import { readPublicKey } from '../../auth/deviceKeys.ts';
import { enrolmentCodeHash } from '../../auth/enrolmentCodes.ts';
import { SYSTEM } from '../../domain/Actor.ts';
import type { Services } from '../../Services.ts';
import { selectTerminals } from '../../store/terminal.view.ts';
import { assertAndLockTerminal, changeTerminal } from './changeTerminal.ts';

export interface Enrolled {
  readonly deviceId: DeviceId;
  readonly name: string;
  readonly locationName: LocalizedText;
}

/**
 * Binds a browser's key to the terminal that the code was issued for. A key enrolled before is replaced, and its
 * sessions end.
 * @throws AppError ENROLMENT_CODE_INVALID for a wrong, used or expired code, BAD_REQUEST for a key that is none
 */
export async function enrol(
  { commands, config, sessions }: Services,
  { requestId }: { requestId: string },
  { code, publicKey }: z.infer<typeof EnrolInput>,
): Promise<Enrolled> {
  if (readPublicKey(publicKey) === null) throw new AppError('BAD_REQUEST', { field: 'publicKey' });
  const enrolled = await commands.run<Enrolled | null>({ agent: SYSTEM, requestId }, async (unit) => {
    const found = await selectTerminals(unit.tx)
      .where('device.enrolment_code_hash', '=', enrolmentCodeHash(config.secrets.sessionSecret, code))
      .where('device.enrolment_expires_at', '>', unit.now)
      // Of two browsers with the same code the second one finds it used.
      .forUpdate('device')
      .executeTakeFirst();
    if (found === undefined) {
      unit.audit({
        action: 'terminal:enrol',
        entityKind: 'Device',
        entityId: null,
        outcome: 'failure',
        reason: 'code',
      });
      return null;
    }
    const terminal = await assertAndLockTerminal(unit, found.id);
    await sessions.end(unit, { deviceId: found.id }, 'terminal-revoked');
    await changeTerminal(unit, terminal, {
      status: 'offline',
      public_key: JSON.stringify(publicKey),
      enrolment_code_hash: null,
      enrolment_expires_at: null,
      self_test: null,
    });
    unit.audit({ action: 'terminal:enrol', entityKind: 'Device', entityId: found.id });
    return {
      deviceId: DeviceId.parse(found.id),
      name: found.name,
      locationName: { zh: found.name_zh, en: found.name_en },
    };
  });
  if (enrolled === null) throw new AppError('ENROLMENT_CODE_INVALID');
  return enrolled;
}
