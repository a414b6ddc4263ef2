import { AppError } from '@cloud-hospital/protocol';
import { Terminal, type TerminalSettings } from '@cloud-hospital/protocol/rest';
import type { z } from 'zod';
import type { ActorContext } from '../../store/command.ts';
import type { Services } from '../../Services.ts';
import { assertAndLockTerminal, changeTerminal, describeTerminal } from './changeTerminal.ts';

/** Sets whether the terminal answers by itself, and after how long. @throws AppError NOT_FOUND, VERSION_CONFLICT */
export function configure(
  { commands }: Services,
  context: ActorContext,
  input: z.infer<typeof TerminalSettings>,
): Promise<Terminal> {
  const { deviceId, version, autoAnswerSeconds } = input;
  return commands.runOnce(
    context,
    { action: 'terminals.configure', request: input, response: Terminal },
    async (unit) => {
      const terminal = await assertAndLockTerminal(unit, deviceId);
      if (terminal.version !== version) throw new AppError('VERSION_CONFLICT');
      await changeTerminal(unit, terminal, { auto_answer_seconds: autoAnswerSeconds });
      unit.audit({
        action: 'terminal:configure',
        entityKind: 'Device',
        entityId: deviceId,
        details: { autoAnswerSeconds },
      });
      return describeTerminal(unit, deviceId);
    },
  );
}
