import { AppError } from '@cloud-hospital/protocol';
import { JobKind } from '../../domain/jobs.ts';
import type { Services } from '../../Services.ts';
import type { ActorContext, Unit } from '../../store/command.ts';

interface FailedJob {
  readonly id: string;
  readonly kind: string;
  readonly subject_id: string;
  readonly token: string;
}

/** At once and with all its attempts. The row must be locked. */
function runAgain(unit: Unit, job: FailedJob): void {
  unit.schedule({ kind: JobKind.parse(job.kind), subjectId: job.subject_id, token: job.token, dueAt: unit.now });
  unit.audit({ action: 'job:retry', entityKind: 'Job', entityId: job.id, details: { kind: job.kind } });
}

const jobs = (unit: Unit) =>
  unit.tx.selectFrom('job').select(['id', 'kind', 'subject_id', 'token', 'state']).forUpdate();

/**
 * A person has looked at why a job failed and lets it run again.
 * @throws AppError NOT_FOUND; INVALID_TRANSITION when it hasn't failed
 */
export const retryJob = (services: Services, context: ActorContext, jobId: string): Promise<void> =>
  services.commands.run(context, async (unit) => {
    const job = await jobs(unit).where('id', '=', jobId).executeTakeFirst();
    if (job === undefined) throw new AppError('NOT_FOUND');
    if (job.state !== 'failed') {
      throw new AppError('INVALID_TRANSITION', { entity: 'Job', from: job.state, to: 'pending' });
    }
    runAgain(unit, job);
  });

/** The same for all that failed, each with its own trace. */
export const retryFailedJobs = (services: Services, context: ActorContext): Promise<void> =>
  services.commands.run(context, async (unit) => {
    for (const job of await jobs(unit).where('state', '=', 'failed').orderBy('id').execute()) runAgain(unit, job);
  });
