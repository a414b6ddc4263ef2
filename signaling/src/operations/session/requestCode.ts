import { issueLoginCode } from '../../auth/loginCodes.ts';
import { SYSTEM } from '../../domain/Actor.ts';
import type { Services } from '../../Services.ts';
import { recordSecret, sendSecret } from '../inbox/sendSecret.ts';

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
  const { config, commands } = services;
  const minutes = String(Math.ceil(config.LOGIN_CODE_SECONDS / 60));
  const message = await commands.run({ agent: SYSTEM, requestId }, async (unit) => {
    const code = await issueLoginCode(unit, config, phone);
    return recordSecret(services, unit, { phone, kind: 'login-code', params: { code, minutes } }, 'code');
  });
  sendSecret(services, message);
  return { resendAfterSeconds: Math.ceil(config.LOGIN_CODE_RESEND_SECONDS) };
}
