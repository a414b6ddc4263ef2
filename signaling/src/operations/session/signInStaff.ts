import { AppError, type ErrorCode, type Face, type Role } from '@cloud-hospital/protocol';
import { clearFailures, countFailure, verifyPassword } from '../../auth/passwords.ts';
import { SYSTEM } from '../../domain/Actor.ts';
import type { Services } from '../../Services.ts';
import type { Unit } from '../../store/command.ts';
import { auditRefusal, openSession, type SignedIn, type SignInRequest } from './openSession.ts';
import { takeSecondFactor } from './takeSecondFactor.ts';

/** Where each role works. */
const ROLES_OF_FACE: Record<Face, readonly Role[]> = {
  resident: [],
  terminal: ['clinic-doctor', 'nurse'],
  console: ['specialist', 'coordinator', 'district-administrator', 'auditor'],
  guest: [],
};

interface Refusal {
  readonly code: ErrorCode;
  /** For the audit; the client learns it only where it is no secret. */
  readonly reason: string;
  readonly tell?: boolean;
}

const roleFor = (unit: Unit, accountId: string, face: Face) =>
  unit.tx
    .selectFrom('practitioner_role')
    .innerJoin('practitioner', 'practitioner.id', 'practitioner_role.practitioner_id')
    .select(['practitioner_role.id', 'practitioner_role.location_id'])
    .where('practitioner.account_id', '=', accountId)
    .where('practitioner_role.active', '=', true)
    .where('practitioner_role.role', 'in', ROLES_OF_FACE[face])
    .orderBy('practitioner_role.id')
    .limit(1)
    .executeTakeFirst();

/**
 * Signs staff in by user name, password and, where enrolled, second factor. An unknown name, a wrong password and a
 * locked account answer alike and take the same work.
 * @throws AppError SIGN_IN_FAILED, SECOND_FACTOR_REQUIRED (ask and send all three), CODE_WRONG, FORBIDDEN with
 * `reason` `face` (this role works elsewhere) or `other-clinic` (a terminal of another clinic)
 */
export async function signInStaff(
  services: Services,
  request: SignInRequest,
  input: { username: string; password: string; totp?: string | undefined },
): Promise<SignedIn> {
  const { config, commands, db } = services;
  if (ROLES_OF_FACE[request.face].length === 0) throw new AppError('FORBIDDEN', { reason: 'face' });
  const account = await db
    .selectFrom('account')
    .select(['id', 'password_hash', 'demo'])
    .where('username', '=', input.username.toLowerCase())
    .executeTakeFirst();
  // Outside any transaction: it takes tens of milliseconds of a core.
  const isPassword = await verifyPassword(account?.password_hash ?? null, input.password);

  const attempt = async (unit: Unit): Promise<SignedIn | Refusal> => {
    if (account === undefined) return { code: 'SIGN_IN_FAILED', reason: 'unknown' };
    const state = await unit.tx
      .selectFrom('account')
      .select(['locked_until', 'disabled_at', 'totp_confirmed_at'])
      .where('id', '=', account.id)
      .forUpdate()
      .executeTakeFirstOrThrow();
    if (state.locked_until !== null && state.locked_until > unit.now)
      return { code: 'SIGN_IN_FAILED', reason: 'locked' };
    if (!isPassword) {
      await countFailure(unit, account.id);
      return { code: 'SIGN_IN_FAILED', reason: 'password' };
    }
    if (state.disabled_at !== null) return { code: 'SIGN_IN_FAILED', reason: 'disabled' };
    // The demo district's password is printed in the manual.
    if (account.demo && !config.DEMO_DISTRICT) return { code: 'SIGN_IN_FAILED', reason: 'demo-account' };
    const enrolled = state.totp_confirmed_at !== null;
    if (enrolled) {
      if (input.totp === undefined) return { code: 'SECOND_FACTOR_REQUIRED', reason: 'second-factor-missing' };
      if (!(await takeSecondFactor(services, unit, account.id, input.totp))) {
        await countFailure(unit, account.id);
        return { code: 'CODE_WRONG', reason: 'second-factor' };
      }
    }
    await clearFailures(unit, account.id);
    const role = await roleFor(unit, account.id, request.face);
    if (role === undefined) return { code: 'FORBIDDEN', reason: 'face', tell: true };
    if (request.device !== null && role.location_id !== request.device.locationId) {
      return { code: 'FORBIDDEN', reason: 'other-clinic', tell: true };
    }
    return openSession(services, unit, request, {
      accountId: account.id,
      practitionerRoleId: role.id,
      secondFactor: enrolled,
    });
  };

  const outcome = await commands.run({ agent: SYSTEM, requestId: request.requestId }, async (unit) => {
    const result = await attempt(unit);
    // The first half of a sign-in with two factors is no failure.
    if ('code' in result && result.code !== 'SECOND_FACTOR_REQUIRED') {
      auditRefusal(unit, account?.id ?? null, result.reason);
    }
    return result;
  });
  if ('code' in outcome) {
    throw new AppError(outcome.code, outcome.tell === true ? { reason: outcome.reason } : undefined);
  }
  return outcome;
}
