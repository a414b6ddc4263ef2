import type { JobCounts, JobState, JobStatus, QueueJob, Status } from '@bull-board/api/dist/types.js';
import { BaseAdapter } from '@bull-board/api/dist/queueAdapters/base.js';
import { AppError } from '@cloud-hospital/protocol';
import { type Kysely, sql } from 'kysely';
import type { Database } from '../../store/schema.ts';

const STATES = ['waiting', 'delayed', 'active', 'completed', 'failed'] as const;
type BoardState = (typeof STATES)[number];

interface Row {
  id: string;
  kind: string;
  subject_id: string;
  due_at: Date;
  finished_at: Date | null;
  attempts: number;
  last_error: string | null;
  board_state: BoardState;
}

/** In the board's words; a cancelled job is nowhere. */
const boardState = sql<BoardState>`CASE state WHEN 'running' THEN 'active' WHEN 'done' THEN 'completed' WHEN 'failed' THEN 'failed'
  WHEN 'pending' THEN CASE WHEN due_at <= now() THEN 'waiting' ELSE 'delayed' END END`;

/** What the board shows but must not do. */
const refused = (): never => {
  throw new AppError('FORBIDDEN');
};

/**
 * The `job` table as a queue of the board: what is due, running, done and failed is true here and nowhere else. Failed
 * jobs can be run again; everything else is only to be seen.
 */
export class JobTableAdapter extends BaseAdapter {
  readonly #db: Kysely<Database>;

  /** @param words what the board calls it */
  constructor(db: Kysely<Database>, words: { readonly displayName: string; readonly description: string }) {
    super('bullmq', {
      allowRetries: true,
      allowCompletedRetries: false,
      ...words,
    });
    this.#db = db;
  }

  override getName = (): string => 'job-table';
  override getStatuses = (): Status[] => ['latest', ...STATES];
  override getJobStatuses = (): JobStatus[] => [...STATES];

  override async getJobCounts(): Promise<JobCounts> {
    const { rows } = await sql<{ board_state: BoardState; count: number }>`
      SELECT ${boardState} AS board_state, count(*)::int AS count FROM job WHERE state <> 'cancelled' GROUP BY 1`.execute(
      this.#db,
    );
    const counted = new Map(rows.map((row) => [row.board_state, row.count]));
    return Object.fromEntries(STATES.map((state) => [state, counted.get(state) ?? 0]));
  }

  override async getJobs(statuses: JobStatus[], start = 0, end = 9): Promise<QueueJob[]> {
    const { rows } = await sql<Row>`
      SELECT * FROM (SELECT id, kind, subject_id, due_at, finished_at, attempts, last_error, ${boardState} AS board_state FROM job) job
      WHERE board_state = ANY(${statuses}::text[])
      ORDER BY coalesce(finished_at, due_at) DESC, id OFFSET ${start} LIMIT ${end - start + 1}`.execute(this.#db);
    return rows.map(asQueueJob);
  }

  override async getJob(id: string): Promise<QueueJob | undefined> {
    const { rows } = await sql<Row>`
      SELECT id, kind, subject_id, due_at, finished_at, attempts, last_error, ${boardState} AS board_state
      FROM job WHERE id::text = ${id}`.execute(this.#db);
    return rows.map(asQueueJob)[0];
  }

  override getJobLogs = (): Promise<string[]> => Promise.resolve([]);
  override getMetrics = () => Promise.resolve({ meta: { count: 0, prevTS: 0, prevCount: 0 }, data: [], count: 0 });
  override getRedisInfo = (): Promise<null> => Promise.resolve(null);
  override isPaused = (): Promise<boolean> => Promise.resolve(false);
  override getJobSchedulers = (): Promise<[]> => Promise.resolve([]);
  override getJobSchedulersCount = (): Promise<number> => Promise.resolve(0);
  override getGlobalConcurrency = (): Promise<null> => Promise.resolve(null);

  override addJob = refused;
  override clean = refused;
  override empty = refused;
  override obliterate = refused;
  override pause = refused;
  override promoteAll = refused;
  override removeJobScheduler = refused;
  override resume = refused;
  override runJobSchedulerNow = refused;
  override setGlobalConcurrency = refused;
  override updateJobScheduler = refused;
}

/** Retrying is `operations/jobs/retry.ts`, which knows who asks. */
function asQueueJob(row: Row): QueueJob {
  return {
    opts: {},
    getState: (): Promise<JobState> => Promise.resolve(row.board_state),
    promote: refused,
    remove: refused,
    retry: refused,
    toJSON: () => ({
      id: row.id,
      name: row.kind,
      progress: 0,
      attemptsMade: row.attempts,
      timestamp: row.due_at.getTime(),
      finishedOn: row.finished_at?.getTime() ?? null,
      processedOn: null,
      failedReason: row.last_error ?? '',
      stacktrace: [],
      data: { subjectId: row.subject_id },
      returnvalue: null,
      opts: {},
    }),
  };
}
