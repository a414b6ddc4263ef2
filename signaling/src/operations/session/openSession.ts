import { AppError, type Face } from '@cloud-hospital/protocol';
import type { Session } from '@cloud-hospital/protocol/rest';
import type { DeviceIdentity } from '../../domain/DeviceIdentity.ts';
import type { Actor } from '../../domain/Actor.ts';
import type { Services } from '../../Services.ts';
import type { Unit } from '../../store/command.ts';
import { actorOf, selectLiveSessions, sessionView } from '../../store/session.view.ts';

/** What signing in needs to know of its request. */
export interface SignInRequest {
  readonly requestId: string;
  readonly face: Face;
  /** Who is signed in on this face already: that session ends. */
  readonly replaces: Actor | null;
  readonly device: DeviceIdentity | null;
}

export interface SignedIn {
  readonly session: Session;
  readonly setCookie: string;
}

/** Ends the face's previous session, opens the new one and audits it as the person's own act. */
export async function openSession(
  { sessions, config }: Services,
  unit: Unit,
  { face, replaces, device }: SignInRequest,
  person: { accountId: string; practitionerRoleId: string | null; secondFactor: boolean },
): Promise<SignedIn> {
  if (replaces !== null && replaces.role !== 'terminal') {
    await sessions.end(unit, { sessionId: replaces.sessionId }, 'signed-out');
  }
  const { sessionId, setCookie } = await sessions.createForAccount(unit, {
    ...person,
    face,
    deviceId: device?.deviceId ?? null,
  });
  const row = await selectLiveSessions(unit.tx).where('session.id', '=', sessionId).executeTakeFirst();
  // Disabled, or the role was withdrawn, between the check and now.
  if (row === undefined) throw new AppError('SIGN_IN_FAILED');
  unit.audit({
    action: 'session:sign-in',
    entityKind: 'Session',
    entityId: sessionId,
    agent: actorOf(row, config.DEMO_DISTRICT),
    details: { face, secondFactor: person.secondFactor },
  });
  return { session: sessionView(row, config.DEMO_DISTRICT), setCookie };
}

/** A refused sign-in, for whoever looks for guessing. Committed by the caller, who throws afterwards. */
export const auditRefusal = (unit: Unit, accountId: string | null, reason: string): void =>
  unit.audit({
    action: 'session:sign-in',
    entityKind: 'Account',
    entityId: accountId,
    outcome: 'failure',
    reason,
  });
