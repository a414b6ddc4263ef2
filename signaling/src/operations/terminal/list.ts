import type { Terminal } from '@cloud-hospital/protocol/rest';
import type { Services } from '../../Services.ts';
import { databaseNow } from '../../store/databaseNow.ts';
import { selectTerminals, terminalView } from '../../store/terminal.view.ts';

/** All terminals of the district, by sub-district and clinic. */
export async function listTerminals({ db }: Services): Promise<{ terminals: Terminal[]; now: string }> {
  const [rows, now] = await Promise.all([
    selectTerminals(db).orderBy('organization.ordinal').orderBy('location.ordinal').orderBy('device.name').execute(),
    databaseNow(db),
  ]);
  return { terminals: rows.map(terminalView), now: now.toISOString() };
}
