import { AppError, type ErrorCode } from '@cloud-hospital/protocol';
import { tryLoginCode } from '../../auth/loginCodes.ts';
import { SYSTEM } from '../../domain/Actor.ts';
import type { Services } from '../../Services.ts';
import type { Unit } from '../../store/command.ts';
import { auditRefusal, openSession, type SignedIn, type SignInRequest } from './openSession.ts';

/** The phone's account; made at its first good code. */
async function accountOf(unit: Unit, phone: string, demo: boolean): Promise<{ id: string; disabled: boolean }> {
  const known = await unit.tx
    .selectFrom('account')
    .select(['id', 'disabled_at'])
    .where('phone', '=', phone)
    .executeTakeFirst();
  if (known !== undefined) return { id: known.id, disabled: known.disabled_at !== null };
  const { id } = await unit.tx
    .insertInto('account')
    .values({
      phone,
      demo,
    })
    .returning('id')
    .executeTakeFirstOrThrow();
  return { id, disabled: false };
}

/**
 * Signs a resident in by phone and code.
 * @throws AppError CODE_WRONG, CODE_EXPIRED (also after five wrong tries), FORBIDDEN for a disabled account or on
 * another face than the residents'
 */
export async function signInResident(
  services: Services,
  request: SignInRequest,
  { phone, code }: { phone: string; code: string },
): Promise<SignedIn> {
  if (request.face !== 'resident') throw new AppError('FORBIDDEN', { reason: 'face' });
  const { config, commands } = services;
  const outcome = await commands.run<SignedIn | ErrorCode>(
    { agent: SYSTEM, requestId: request.requestId },
    async (unit) => {
      const check = await tryLoginCode(unit, config, phone, code);
      if (check !== 'good') {
        auditRefusal(unit, null, `code-${check}`);
        return check === 'wrong' ? 'CODE_WRONG' : 'CODE_EXPIRED';
      }
      const account = await accountOf(unit, phone, config.DEMO_DISTRICT);
      if (account.disabled) {
        auditRefusal(unit, account.id, 'disabled');
        return 'FORBIDDEN';
      }
      return openSession(services, unit, request, {
        accountId: account.id,
        practitionerRoleId: null,
        secondFactor: false,
      });
    },
  );
  if (typeof outcome === 'string') throw new AppError(outcome);
  return outcome;
}
