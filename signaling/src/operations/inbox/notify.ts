import { compose, type MessageKind, type MessageParams } from '../../channels/templates.ts';
import type { Unit } from '../../store/command.ts';

export interface Notice<Kind extends MessageKind> {
  readonly kind: Kind;
  readonly params: MessageParams<Kind>;
  readonly accountId: string | null;
  /** Null: for the inbox only. */
  readonly phone: string | null;
  /** What it is about, e.g. an appointment's id, so that it can be withdrawn. */
  readonly subjectId: string | null;
  /** The same thing is never told twice, e.g. `booked:<appointmentId>`. */
  readonly dedupeKey: string;
  /** Not before this instant; at once by default. */
  readonly dueAt?: Date;
  /** Later it would be wrong or useless: then it is not sent at all. */
  readonly notAfter?: Date;
}

/** Tells somebody something: an inbox message now or later, handed to the phone's carrier by a job. */
export async function notify<Kind extends MessageKind>(unit: Unit, notice: Notice<Kind>): Promise<void> {
  const written = await unit.tx
    .insertInto('communication')
    .values({
      account_id: notice.accountId,
      phone: notice.phone,
      kind: notice.kind,
      text: compose(notice.kind, notice.params),
      params: JSON.stringify(notice.params),
      subject_id: notice.subjectId,
      dedupe_key: notice.dedupeKey,
      not_after: notice.notAfter ?? null,
    })
    .onConflict((conflict) => conflict.column('dedupe_key').doNothing())
    .returning('id')
    .executeTakeFirst();
  if (written === undefined) return;
  unit.schedule({ kind: 'communication.send', subjectId: written.id, dueAt: notice.dueAt ?? unit.now });
}

/** Takes back whatever was not sent yet about that subject: nobody is reminded of what was cancelled. */
export async function withdrawNotices(unit: Unit, subjectId: string, kinds?: readonly MessageKind[]): Promise<void> {
  const withdrawn = await unit.tx
    .updateTable('communication')
    .set({ status: 'withdrawn' })
    .where('subject_id', '=', subjectId)
    .where('status', '=', 'pending')
    .$if(kinds !== undefined, (query) => query.where('kind', 'in', [...(kinds ?? [])]))
    .returning('id')
    .execute();
  for (const { id } of withdrawn) unit.cancelJobs('communication.send', id);
}
