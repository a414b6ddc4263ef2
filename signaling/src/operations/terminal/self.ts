import { AppError } from '@cloud-hospital/protocol';
import type { Terminal } from '@cloud-hospital/protocol/rest';
import type { ActorContext } from '../../store/command.ts';
import type { Services } from '../../Services.ts';
import { selectTerminals, terminalView } from '../../store/terminal.view.ts';
import { ownTerminal } from './ownTerminal.ts';

/** The terminal that asks, with its settings. @throws AppError NOT_FOUND at a desk */
export async function self({ db }: Services, { agent }: ActorContext): Promise<Terminal> {
  const row = await selectTerminals(db).where('device.id', '=', ownTerminal(agent)).executeTakeFirst();
  if (row === undefined) throw new AppError('NOT_FOUND');
  return terminalView(row);
}
