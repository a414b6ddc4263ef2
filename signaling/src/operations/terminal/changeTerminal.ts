import { AppError, DeviceId } from '@cloud-hospital/protocol';
import type { Terminal } from '@cloud-hospital/protocol/rest';
import { canTransition, DEVICE_TRANSITIONS, type DeviceStatus } from '@cloud-hospital/protocol/states';
import type { Updateable } from 'kysely';
import { topic } from '../../domain/topics.ts';
import type { Unit } from '../../store/command.ts';
import type { DeviceTable } from '../../store/schema.ts';
import { selectTerminals, terminalView } from '../../store/terminal.view.ts';

export interface LockedTerminal {
  readonly id: string;
  readonly locationId: string;
  readonly status: DeviceStatus;
  readonly version: number;
}

/** Locks the terminal's row. @throws AppError NOT_FOUND */
export async function assertAndLockTerminal(unit: Unit, deviceId: string): Promise<LockedTerminal> {
  const row = await unit.tx
    .selectFrom('device')
    .select(['id', 'location_id', 'status', 'version'])
    .where('id', '=', deviceId)
    .forUpdate()
    .executeTakeFirst();
  if (row === undefined) throw new AppError('NOT_FOUND');
  return { id: row.id, locationId: row.location_id, status: row.status, version: row.version };
}

type Change = Omit<Updateable<DeviceTable>, 'id' | 'location_id' | 'version'>;

/** Writes a change of a locked terminal and tells its clinic, the terminal itself and the district. */
export async function changeTerminal(unit: Unit, terminal: LockedTerminal, change: Change): Promise<void> {
  const { status } = change;
  if (
    status !== undefined &&
    status !== terminal.status &&
    !canTransition(DEVICE_TRANSITIONS, terminal.status, status)
  ) {
    throw new AppError('INVALID_TRANSITION', { entity: 'Device', from: terminal.status, to: status });
  }
  const version = terminal.version + 1;
  await unit.tx
    .updateTable('device')
    .set({ ...change, version })
    .where('id', '=', terminal.id)
    .execute();
  unit.emit([topic.district, topic.location(terminal.locationId), topic.device(terminal.id)], 'device:changed', {
    deviceId: DeviceId.parse(terminal.id),
    version,
  });
}

/** The terminal as it is now, inside the transaction. */
export async function describeTerminal(unit: Unit, deviceId: string): Promise<Terminal> {
  return terminalView(await selectTerminals(unit.tx).where('device.id', '=', deviceId).executeTakeFirstOrThrow());
}
