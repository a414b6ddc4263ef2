import { Terminal } from '@cloud-hospital/protocol/rest';
import type { ActorContext } from '../../store/command.ts';
import type { Services } from '../../Services.ts';
import { assertAndLockTerminal, changeTerminal, describeTerminal } from './changeTerminal.ts';

/**
 * Shuts a lost or stolen terminal out: its key is forgotten, its sessions and those of staff signed in on it end, and
 * with them sockets and media.
 * @throws AppError NOT_FOUND, INVALID_TRANSITION when it is revoked already
 */
export function revoke(
  { commands, sessions }: Services,
  context: ActorContext,
  input: { deviceId: string },
): Promise<Terminal> {
  const { deviceId } = input;
  return commands.runOnce(context, { action: 'terminals.revoke', request: input, response: Terminal }, async (unit) => {
    const terminal = await assertAndLockTerminal(unit, deviceId);
    await changeTerminal(unit, terminal, {
      status: 'revoked',
      public_key: null,
      enrolment_code_hash: null,
      enrolment_expires_at: null,
      self_test: null,
    });
    const ended = await sessions.end(unit, { deviceId }, 'terminal-revoked');
    unit.audit({ action: 'terminal:revoke', entityKind: 'Device', entityId: deviceId, details: { sessions: ended } });
    return describeTerminal(unit, deviceId);
  });
}
