import type { ActorContext } from '../../store/command.ts';
import type { Services } from '../../Services.ts';

/**
 * Ends the person's session, its sockets and peers included. A terminal itself doesn't sign out: it is revoked.
 * @returns Set-Cookie headers
 */
export async function signOut({ commands, sessions }: Services, context: ActorContext): Promise<string[]> {
  const { role, sessionId, face } = context.agent;
  if (role === 'terminal') return [];
  await commands.run(context, async (unit) => {
    await sessions.end(unit, { sessionId }, 'signed-out');
    unit.audit({ action: 'session:end', entityKind: 'Session', entityId: sessionId });
  });
  return [sessions.clearCookie(face)];
}
