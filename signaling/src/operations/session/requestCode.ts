import { randomUUID } from 'node:crypto';
import { compose } from '../../channels/templates.ts';
import { issueLoginCode } from '../../auth/loginCodes.ts';
import { SYSTEM } from '../../domain/Actor.ts';
import type { Services } from '../../Services.ts';

/** What is kept of a code outside the demo district. */
const HIDDEN = '******';

/**
 * Sends a login code. No account is looked at, so known and unknown phones get the same answer in the same time; the
 * carrier is not waited for.
 * @throws AppError RATE_LIMITED with `retryAfterSeconds`
 */
export async function requestCode(
  services: Services,
  { requestId }: { requestId: string },
  { phone }: { phone: string },
): Promise<{ resendAfterSeconds: number }> {
  const { config, commands, channels, db, log } = services;
  const communicationId = randomUUID();
  const minutes = String(Math.ceil(config.LOGIN_CODE_SECONDS / 60));
  const code = await commands.run({ agent: SYSTEM, requestId }, async (unit) => {
    const issued = await issueLoginCode(unit, config, phone);
    await unit.tx
      .insertInto('communication')
      .values({
        id: communicationId,
        phone,
        kind: 'login-code',
        text: compose('login-code', { code: config.DEMO_DISTRICT ? issued : HIDDEN, minutes }),
        dedupe_key: `login-code:${communicationId}`,
      })
      .execute();
    return issued;
  });
  const send = async (): Promise<void> => {
    let status: 'sent' | 'failed' = 'sent';
    const params = { code, minutes };
    try {
      await channels.deliver({
        communicationId,
        phone,
        kind: 'login-code',
        params,
        text: compose('login-code', params),
      });
    } catch (error) {
      status = 'failed';
      log.error({ err: error, communicationId }, 'login code not delivered');
    }
    await db
      .updateTable('communication')
      .set({ status, sent_at: new Date() })
      .where('id', '=', communicationId)
      .execute();
  };
  // Not a job: outside the demo district the code is nowhere but in this process and on its way to the phone.
  send().catch((error: unknown) => log.error({ err: error, communicationId }, 'delivery of a login code not recorded'));
  return { resendAfterSeconds: Math.ceil(config.LOGIN_CODE_RESEND_SECONDS) };
}
