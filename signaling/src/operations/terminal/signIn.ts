import { AppError, DeviceId, LocationId } from '@cloud-hospital/protocol';
import type { TerminalSignIn } from '@cloud-hospital/protocol/rest';
import type { z } from 'zod';
import { isSignedBy } from '../../auth/deviceKeys.ts';
import type { DeviceIdentity } from '../../domain/DeviceIdentity.ts';
import { SYSTEM } from '../../domain/Actor.ts';
import type { Services } from '../../Services.ts';
import type { Unit } from '../../store/command.ts';
import { selectTerminals } from '../../store/terminal.view.ts';

export interface TerminalSignedIn {
  readonly device: DeviceIdentity;
  readonly setCookie: string;
}

/** Uses the challenge up, whatever becomes of the attempt. */
async function takeChallenge(unit: Unit, deviceId: string, challenge: string): Promise<boolean> {
  const taken = await unit.tx
    .updateTable('device_challenge')
    .set({ used_at: unit.now })
    .where('challenge', '=', challenge)
    .where('device_id', '=', deviceId)
    .where('used_at', 'is', null)
    .where('expires_at', '>', unit.now)
    .executeTakeFirst();
  return taken.numUpdatedRows === 1n;
}

/**
 * Signs a terminal in by its key.
 * @throws AppError SIGN_IN_FAILED for anything that isn't right: challenge unknown, used or old, signature wrong,
 * terminal unknown, not enrolled or revoked
 */
export async function signInTerminal(
  { commands, sessions }: Services,
  { requestId }: { requestId: string },
  { deviceId, challenge, signature }: z.infer<typeof TerminalSignIn>,
): Promise<TerminalSignedIn> {
  const signedIn = await commands.run<TerminalSignedIn | null>({ agent: SYSTEM, requestId }, async (unit) => {
    const isFresh = await takeChallenge(unit, deviceId, challenge);
    const terminal = await selectTerminals(unit.tx)
      .select('device.public_key')
      .where('device.id', '=', deviceId)
      .where('device.status', 'not in', ['revoked', 'unenrolled'])
      .forShare('device')
      .executeTakeFirst();
    const isGenuine =
      isFresh &&
      terminal !== undefined &&
      terminal.public_key !== null &&
      isSignedBy(terminal.public_key, deviceId, challenge, signature);
    unit.audit({
      action: 'terminal:sign-in',
      entityKind: 'Device',
      entityId: deviceId,
      ...(isGenuine ? {} : { outcome: 'failure', reason: isFresh ? 'signature' : 'challenge' }),
    });
    if (!isGenuine) return null;
    const { setCookie } = await sessions.createForDevice(unit, deviceId);
    return {
      setCookie,
      device: {
        deviceId: DeviceId.parse(terminal.id),
        name: terminal.name,
        locationId: LocationId.parse(terminal.location_id),
        locationName: { zh: terminal.name_zh, en: terminal.name_en },
      },
    };
  });
  if (signedIn === null) throw new AppError('SIGN_IN_FAILED');
  return signedIn;
}
