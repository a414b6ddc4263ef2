import { AppError } from '@cloud-hospital/protocol';
import { sql } from 'kysely';
import type { Unit } from '../store/command.ts';
import type { DueJob } from './JobRunner.ts';

/**
 * Ends the job in the transaction of its effect. When the lease passed to somebody else meanwhile (this process was
 * frozen, say), the whole transaction is undone.
 * @throws AppError VERSION_CONFLICT when the lease is lost
 */
export async function finishJob(unit: Unit, job: DueJob): Promise<void> {
  const finished = await unit.tx
    .updateTable('job')
    .set({ state: 'done', finished_at: sql<Date>`now()` })
    .where('id', '=', job.id)
    .where('lease_token', '=', job.leaseToken)
    .where('state', '=', 'running')
    .executeTakeFirst();
  if (finished.numUpdatedRows !== 1n) throw new AppError('VERSION_CONFLICT', { reason: 'lease-lost' });
}
