import type { Challenge } from '@cloud-hospital/protocol/rest';
import type { z } from 'zod';
import { newToken } from '../../auth/token.ts';
import { SYSTEM } from '../../domain/Actor.ts';
import type { Services } from '../../Services.ts';

const CHALLENGE_SECONDS = 60;

/**
 * Something fresh for the terminal to sign. One that doesn't exist gets a challenge too, which nobody will accept: who
 * asks learns nothing.
 */
export function challenge(
  { commands }: Services,
  { requestId }: { requestId: string },
  { deviceId }: { deviceId: string },
): Promise<z.infer<typeof Challenge>> {
  return commands.run({ agent: SYSTEM, requestId }, async (unit) => {
    const text = newToken();
    const expiresAt = new Date(unit.now.getTime() + CHALLENGE_SECONDS * 1000);
    await unit.tx
      .insertInto('device_challenge')
      .columns(['challenge', 'device_id', 'expires_at'])
      .expression((eb) =>
        eb
          .selectFrom('device')
          .select((select) => [
            select.val(text).as('challenge'),
            'device.id as device_id',
            select.cast<Date>(select.val(expiresAt), 'timestamptz').as('expires_at'),
          ])
          .where('device.id', '=', deviceId),
      )
      .execute();
    return { challenge: text, expiresAt: expiresAt.toISOString() };
  });
}
