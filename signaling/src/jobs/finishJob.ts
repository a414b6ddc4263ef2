import { AppError } from '@cloud-hospital/protocol';
import { sql } from 'kysely';
import type { Unit } from '../store/command.ts';
import type { DueJob } from './JobRunner.ts';

/**
 * Ends the job in the transaction of its effect, or sets its next run if it was wanted again meanwhile. When the lease
 * passed to somebody else (this process was frozen, say), the whole transaction is undone. To be called last: commands
 * that want the job again wait for its row from here to the end, and so would everybody who waits for them.
 * @throws AppError VERSION_CONFLICT when the lease is lost
 */
export async function finishJob(unit: Unit, job: DueJob): Promise<void> {
  const finished = await unit.tx
    .updateTable('job')
    .set({
      state: sql<'done' | 'pending'>`CASE WHEN again_at IS NULL THEN 'done' ELSE 'pending' END`,
      due_at: sql<Date>`coalesce(again_at, due_at)`,
      attempts: sql<number>`CASE WHEN again_at IS NULL THEN attempts ELSE 0 END`,
      again_at: null,
      finished_at: sql<Date>`now()`,
    })
    .where('id', '=', job.id)
    .where('lease_token', '=', job.leaseToken)
    .where('state', '=', 'running')
    .executeTakeFirst();
  if (finished.numUpdatedRows !== 1n) throw new AppError('VERSION_CONFLICT', { reason: 'lease-lost' });
}
