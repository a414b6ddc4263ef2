import { createHash, randomUUID } from 'node:crypto';
import { AppError } from '@cloud-hospital/protocol';
import type { SocketNotificationData, SocketNotificationName } from '@cloud-hospital/protocol/socket';
import { type RawBuilder, sql } from 'kysely';
import type { z } from 'zod';
import { accountIdOf, type Actor, type Agent, isSystem } from '../domain/Actor.ts';
import type { JobKind } from '../domain/jobs.ts';
import type { Topic } from '../domain/topics.ts';
import type { Db, Tx } from './database.ts';
import type { JsonValue } from './schema.ts';
import { transact } from './transaction.ts';

/** SQLSTATEs after which the same transaction may simply be tried again: serialization failure, deadlock. */
const RETRYABLE = new Set(['40001', '40P01']);
const MAX_ATTEMPTS = 5;

export interface AuditEntry {
  readonly action: string;
  readonly entityKind: string;
  readonly entityId: string | null;
  readonly patientId?: string | null;
  readonly outcome?: 'success' | 'denied' | 'failure';
  readonly reason?: string | null;
  /** Codes and ids only; never clinical text, identity numbers or secrets. */
  readonly details?: Record<string, JsonValue>;
  /** Who acts, where that only turns out inside the command (signing in); the context's agent otherwise. */
  readonly agent?: Agent;
}

export interface JobRequest {
  readonly kind: JobKind;
  readonly subjectId: string;
  /** What the handler compares before it acts, e.g. a lease token. */
  readonly token?: string;
  readonly dueAt: Date;
  /** If it is due earlier already, that stays; otherwise the newest wish counts. */
  readonly atLatest?: boolean;
}

/** What an operation can do inside its transaction. All of it commits together or not at all. */
export interface Unit {
  readonly tx: Tx;
  readonly agent: Agent;
  /** The database's clock at the transaction's start. */
  readonly now: Date;
  readonly requestId: string;
  audit(entry: AuditEntry): void;
  /** A notification for the browsers of these topics; written to the outbox. */
  emit<Name extends SocketNotificationName>(
    topics: readonly Topic[],
    name: Name,
    data: SocketNotificationData<Name>,
  ): void;
  schedule(job: JobRequest): void;
  /** A due job of this subject is no longer wanted. */
  cancelJobs(kind: JobKind, subjectId: string): void;
}

export interface CommandContext {
  readonly agent: Agent;
  readonly requestId: string;
  readonly idempotencyKey?: string | undefined;
}

/** A command of a person or a terminal, as nearly all are. */
export type ActorContext = CommandContext & { readonly agent: Actor };

export interface Idempotent<T> {
  readonly action: string;
  /** What was asked: the same key with another request is IDEMPOTENCY_MISMATCH. */
  readonly request: unknown;
  /** Reads a stored answer back. */
  readonly response: z.ZodType<T>;
}

export interface CommandRunner {
  /** Runs one command as one transaction, retried on serialization failures and deadlocks. */
  run<T>(context: CommandContext, operation: (unit: Unit) => Promise<T>): Promise<T>;
  /** The same, remembering the answer under the context's idempotency key (where one was sent). */
  runOnce<T>(context: CommandContext, once: Idempotent<T>, operation: (unit: Unit) => Promise<T>): Promise<T>;
}

export interface CommandHooks {
  /** After a commit that wrote outbox rows: wake this replica's tail and the others'. */
  readonly onEvents: () => void;
  /** After a commit that scheduled jobs. */
  readonly onJobs: (jobs: readonly (JobRequest & { id: string })[]) => void;
}

interface KeyUse {
  readonly actor: string;
  readonly key: string;
}

class Pending {
  readonly audits: AuditEntry[] = [];
  readonly events: { topics: readonly Topic[]; name: string; data: string }[] = [];
  readonly jobs: (JobRequest & { id: string })[] = [];
  readonly cancelled: { kind: JobKind; subjectId: string }[] = [];
}

/** Under whose name idempotency keys are kept. */
export const agentKey = (agent: Agent): string =>
  isSystem(agent) ? 'system' : (agent.userId ?? agent.deviceId ?? agent.sessionId);

const auditedAgent = (agent: Agent) => ({
  actor_account: accountIdOf(agent),
  actor_role: agent.role,
  actor_name: agent.name,
  device_id: isSystem(agent) ? null : agent.deviceId,
  location_id: isSystem(agent) ? null : agent.locationId,
});

/** All of it in one go, with the COMMIT. */
async function flush(
  tx: Tx,
  context: CommandContext,
  pending: Pending,
  once: (KeyUse & { action: string; requestHash: string; answer: unknown }) | null,
): Promise<void> {
  await Promise.all([
    // Before the inserts: a job that is cancelled and scheduled again stays scheduled.
    ...pending.cancelled.map((job) =>
      tx
        .updateTable('job')
        .set({
          state: sql`CASE WHEN state = 'pending' THEN 'cancelled' ELSE state END`,
          finished_at: sql<Date>`now()`,
          again_at: null,
        })
        .where('kind', '=', job.kind)
        .where('subject_id', '=', job.subjectId)
        .where('state', 'in', ['pending', 'running'])
        .execute(),
    ),
    insertJobs(
      tx,
      pending.jobs.filter(({ atLatest }) => atLatest !== true),
      sql<Date>`excluded.due_at`,
    ),
    insertJobs(
      tx,
      pending.jobs.filter(({ atLatest }) => atLatest === true),
      // Of a job that is over only the new wish counts.
      sql<Date>`least(excluded.due_at, CASE job.state WHEN 'running' THEN job.again_at WHEN 'pending' THEN job.due_at END)`,
    ),
    insertAudits(tx, context, pending.audits),
    insertEvents(tx, pending.events),
    once === null ? undefined : remember(tx, once),
  ]);
}

/** Of the same job, scheduled twice by one command, the later wish counts. */
function scheduleIn({ jobs }: Pending, job: JobRequest): void {
  const same = jobs.findIndex(
    (one) => one.kind === job.kind && one.subjectId === job.subjectId && (one.token ?? '') === (job.token ?? ''),
  );
  if (same >= 0) jobs.splice(same, 1);
  jobs.push({ ...job, id: randomUUID() });
}

/** @param wanted when a job that is there already should run */
async function insertJobs(tx: Tx, jobs: Pending['jobs'], wanted: RawBuilder<Date>): Promise<void> {
  if (jobs.length === 0) return;
  const rows = await tx
    .insertInto('job')
    .values(
      jobs.map((job) => ({
        id: job.id,
        kind: job.kind,
        subject_id: job.subjectId,
        token: job.token ?? '',
        due_at: job.dueAt,
      })),
    )
    .onConflict((conflict) =>
      conflict.columns(['kind', 'subject_id', 'token']).doUpdateSet({
        // A run that is under way ends as it began; then comes another one.
        due_at: sql<Date>`CASE WHEN job.state = 'running' THEN job.due_at ELSE ${wanted} END`,
        again_at: sql<Date | null>`CASE WHEN job.state = 'running' THEN ${wanted} END`,
        state: sql<'pending' | 'running'>`CASE WHEN job.state = 'running' THEN 'running' ELSE 'pending' END`,
        // A job that schedules itself again and again begins anew each time.
        attempts: sql<number>`CASE WHEN job.state = 'running' THEN job.attempts ELSE 0 END`,
        finished_at: null,
      }),
    )
    .returning(['id', 'kind', 'subject_id', 'token'])
    .execute();
  // A job that is scheduled anew keeps its row, and so the id that BullMQ must wake.
  for (const job of jobs) {
    const row = rows.find(
      ({ kind, subject_id, token }) => kind === job.kind && subject_id === job.subjectId && token === (job.token ?? ''),
    );
    job.id = row?.id ?? job.id;
  }
}

async function insertAudits(tx: Tx, context: CommandContext, audits: readonly AuditEntry[]): Promise<void> {
  if (audits.length === 0) return;
  await tx
    .insertInto('audit_event')
    .values(
      audits.map((entry) => ({
        ...auditedAgent(entry.agent ?? context.agent),
        action: entry.action,
        entity_kind: entry.entityKind,
        entity_id: entry.entityId,
        patient_id: entry.patientId ?? null,
        outcome: entry.outcome ?? 'success',
        reason: entry.reason ?? null,
        request_id: context.requestId,
        details: JSON.stringify(entry.details ?? {}),
      })),
    )
    .execute();
}

async function insertEvents(tx: Tx, events: Pending['events']): Promise<void> {
  if (events.length === 0) return;
  await tx
    .insertInto('outbox')
    .values(events.map(({ topics, name, data }) => ({ topics: [...topics], name, data })))
    .execute();
}

async function remember(
  tx: Tx,
  { actor, key, action, requestHash, answer }: KeyUse & { action: string; requestHash: string; answer: unknown },
): Promise<void> {
  await tx
    .insertInto('idempotency_key')
    .values({ actor, key, action, request_hash: requestHash, response: JSON.stringify(answer) })
    .execute();
}

const sqlState = (error: unknown): string | undefined =>
  error instanceof Error && 'code' in error && typeof error.code === 'string' ? error.code : undefined;

/** What a key was used for before. */
interface Remembered {
  readonly requestHash: string;
  readonly response: unknown;
}

/**
 * The database's clock and, where a key was sent, what it was used for before. Twins of one key wait for each other in
 * there, so that the second one finds the first one's answer.
 */
async function open(tx: Tx, use: KeyUse | null): Promise<{ now: Date; remembered: Remembered | null }> {
  const { rows } =
    use === null
      ? await sql<{ now: Date; request_hash?: null; response?: unknown }>`SELECT now() AS now`.execute(tx)
      : await sql<{ now: Date; request_hash: string | null; response: unknown }>`
          SELECT now() AS now, request_hash, response FROM (VALUES (1)) once
          LEFT JOIN remembered_answer(${use.actor}, ${use.key}) ON true`.execute(tx);
  const [row] = rows;
  if (row === undefined) throw new AppError('UNAVAILABLE');
  const requestHash = row.request_hash ?? null;
  return { now: row.now, remembered: requestHash === null ? null : { requestHash, response: row.response } };
}

export function createCommandRunner(db: Db, hooks: CommandHooks): CommandRunner {
  async function attempt<T>(
    context: CommandContext,
    once: (Idempotent<T> & KeyUse & { requestHash: string }) | null,
    operation: (unit: Unit) => Promise<T>,
  ): Promise<T> {
    const pending = new Pending();
    const run = async (tx: Tx): Promise<{ answer: T; isNew: boolean }> => {
      const { now, remembered } = await open(tx, once);
      if (once !== null && remembered !== null) {
        if (remembered.requestHash !== once.requestHash) throw new AppError('IDEMPOTENCY_MISMATCH');
        return { answer: once.response.parse(remembered.response), isNew: false };
      }
      const answer = await operation({
        tx,
        now,
        agent: context.agent,
        requestId: context.requestId,
        audit: (entry) => pending.audits.push(entry),
        emit: (topics, name, data) => {
          pending.events.push({ topics, name, data: JSON.stringify(data) });
        },
        schedule: (job) => scheduleIn(pending, job),
        cancelJobs: (kind, subjectId) => pending.cancelled.push({ kind, subjectId }),
      });
      return { answer, isNew: true };
    };
    const { answer } = await transact(db, run, (tx, result) =>
      result.isNew
        ? flush(tx, context, pending, once === null ? null : { ...once, answer: result.answer })
        : Promise.resolve(),
    );
    if (pending.events.length > 0) hooks.onEvents();
    if (pending.jobs.length > 0) hooks.onJobs(pending.jobs);
    return answer;
  }

  async function retried<T>(transaction: () => Promise<T>): Promise<T> {
    for (let tries = 1; ; tries += 1) {
      try {
        return await transaction();
      } catch (error) {
        const state = sqlState(error);
        if (state === undefined || !RETRYABLE.has(state) || tries >= MAX_ATTEMPTS) throw error;
      }
    }
  }

  return {
    run: (context, operation) => retried(() => attempt(context, null, operation)),
    runOnce: (context, once, operation) => {
      const key = context.idempotencyKey;
      if (key === undefined) return retried(() => attempt(context, null, operation));
      const requestHash = createHash('sha256')
        .update(JSON.stringify([once.action, once.request]))
        .digest('hex');
      const use = { ...once, actor: agentKey(context.agent), key, requestHash };
      return retried(() => attempt(context, use, operation));
    },
  };
}
