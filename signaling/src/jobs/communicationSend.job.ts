import { deliver } from '../operations/inbox/deliver.ts';
import type { Services } from '../Services.ts';
import { finishJob } from './finishJob.ts';
import type { DueJob } from './JobRunner.ts';

/** `communication.send`: hands a message to its carrier. */
export const sendCommunication = (services: Services, job: DueJob): Promise<void> =>
  deliver(services, job.subjectId, `job:${job.id}`, (unit) => finishJob(unit, job));
