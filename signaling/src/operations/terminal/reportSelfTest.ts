import type { SelfTest, Terminal } from '@cloud-hospital/protocol/rest';
import type { ActorContext } from '../../store/command.ts';
import type { Services } from '../../Services.ts';
import { passedSelfTest } from '../../store/terminal.view.ts';
import { assertAndLockTerminal, changeTerminal, describeTerminal } from './changeTerminal.ts';
import { ownTerminal } from './ownTerminal.ts';

/**
 * Keeps what the terminal found out about its camera, microphone, speaker and network: red on the board before the
 * first patient. A test during a call changes the call's status in nothing.
 * @throws AppError NOT_FOUND at a desk
 */
export function reportSelfTest({ commands }: Services, context: ActorContext, test: SelfTest): Promise<Terminal> {
  const deviceId = ownTerminal(context.agent);
  return commands.run(context, async (unit) => {
    const terminal = await assertAndLockTerminal(unit, deviceId);
    const status = passedSelfTest(test) ? 'ready' : 'failing';
    await changeTerminal(unit, terminal, {
      self_test: JSON.stringify({ ...test, testedAt: unit.now.toISOString() }),
      last_seen_at: unit.now,
      ...(terminal.status === 'in-call' ? {} : { status }),
    });
    return describeTerminal(unit, deviceId);
  });
}
