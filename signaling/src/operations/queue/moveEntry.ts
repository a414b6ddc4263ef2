import { AppError } from '@cloud-hospital/protocol';
import {
  canTransition,
  QUEUE_ENTRY_TRANSITIONS,
  type QueueEntryReason,
  type QueueEntryState,
} from '@cloud-hospital/protocol/states';
import type { Unit } from '../../store/command.ts';
import type { AnyLockedQueue } from './lockQueue.ts';

/** An entry as the transaction holds it. Its queue must be locked. */
export interface LockedEntry {
  readonly id: string;
  readonly queueId: string;
  readonly encounterId: string;
  readonly patientId: string;
  readonly locationId: string;
  readonly deviceId: string | null;
  readonly state: QueueEntryState;
  readonly version: number;
  readonly leaseToken: string | null;
  readonly leaseExpiresAt: Date | null;
  readonly answeredAt: Date | null;
  readonly calledBy: string | null;
  /** The pool the present call was taken from. */
  readonly poolId: string | null;
}

const selectEntries = (unit: Unit, queue: AnyLockedQueue) =>
  unit.tx
    .selectFrom('queue_entry')
    .select([
      'id',
      'queue_id as queueId',
      'encounter_id as encounterId',
      'patient_id as patientId',
      'location_id as locationId',
      'device_id as deviceId',
      'state',
      'version',
      'lease_token as leaseToken',
      'lease_expires_at as leaseExpiresAt',
      'answered_at as answeredAt',
      'called_by as calledBy',
      'pool_id as poolId',
    ])
    .where('queue_id', '=', queue.id);

export const lockedEntry = (unit: Unit, queue: AnyLockedQueue, entryId: string): Promise<LockedEntry | undefined> =>
  selectEntries(unit, queue).where('id', '=', entryId).forNoKeyUpdate().executeTakeFirst();

/** The entry of a visit that still is in the queue or in the call. */
export const activeEntryOf = (
  unit: Unit,
  queue: AnyLockedQueue,
  encounterId: string,
): Promise<LockedEntry | undefined> =>
  selectEntries(unit, queue)
    .where('encounter_id', '=', encounterId)
    .where('state', 'in', ['waiting', 'called', 'serving'])
    .forNoKeyUpdate()
    .executeTakeFirst();

/** What the specialist is calling or consulting now. */
export const currentCallOf = (unit: Unit, queue: AnyLockedQueue): Promise<LockedEntry | undefined> =>
  selectEntries(unit, queue).where('state', 'in', ['called', 'serving']).forNoKeyUpdate().executeTakeFirst();

export interface EntryChange {
  readonly called_at?: Date;
  readonly called_by?: string | null;
  readonly lease_token?: string | null;
  readonly lease_expires_at?: Date | null;
  readonly answered_at?: Date | null;
  readonly ended_at?: Date;
  readonly returned_at?: Date | null;
  readonly skipped_at?: Date | null;
  readonly last_reason?: QueueEntryReason | null;
  readonly pool_id?: string | null;
}

/** What a call leaves behind when it ends: nothing that an old handler could still act on. */
export const NO_LEASE = { called_by: null, lease_token: null, lease_expires_at: null, answered_at: null } as const;

/** Moves an entry by the table. @throws AppError INVALID_TRANSITION */
export async function moveEntry(
  unit: Unit,
  entry: LockedEntry,
  to: QueueEntryState,
  change: EntryChange,
): Promise<void> {
  if (!canTransition(QUEUE_ENTRY_TRANSITIONS, entry.state, to)) {
    throw new AppError('INVALID_TRANSITION', { entity: 'QueueEntry', from: entry.state, to });
  }
  await unit.tx
    .updateTable('queue_entry')
    .set((eb) => ({
      ...change,
      state: to,
      version: eb('version', '+', 1),
      call_count: eb('call_count', '+', to === 'called' ? 1 : 0),
    }))
    .where('id', '=', entry.id)
    .execute();
}
