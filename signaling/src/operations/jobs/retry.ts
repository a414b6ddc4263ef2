import { AppError } from '@cloud-hospital/protocol';
import { JobKind } from '../../domain/jobs.ts';
import type { Services } from '../../Services.ts';
import type { ActorContext } from '../../store/command.ts';

/**
 * A person has looked at why a job failed and lets it run again, at once and with all its attempts.
 * @throws AppError NOT_FOUND; INVALID_TRANSITION when it hasn't failed
 */
export async function retryJob(services: Services, context: ActorContext, jobId: string): Promise<void> {
  await services.commands.run(context, async (unit) => {
    const job = await unit.tx
      .selectFrom('job')
      .select(['kind', 'subject_id', 'token', 'state'])
      .where('id', '=', jobId)
      .forUpdate()
      .executeTakeFirst();
    if (job === undefined) throw new AppError('NOT_FOUND');
    if (job.state !== 'failed') {
      throw new AppError('INVALID_TRANSITION', { entity: 'Job', from: job.state, to: 'pending' });
    }
    unit.schedule({
      kind: JobKind.parse(job.kind),
      subjectId: job.subject_id,
      token: job.token,
      dueAt: unit.now,
    });
    unit.audit({ action: 'job:retry', entityKind: 'Job', entityId: jobId, details: { kind: job.kind } });
  });
}
