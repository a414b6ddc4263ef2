import {
  composeFor,
  composeForProxy,
  kindFor,
  type MessageKind,
  type MessageParams,
  type PersonalKind,
} from '../../channels/templates.ts';
import type { Unit } from '../../store/command.ts';
import type { ProxyRecipient } from './proxy.ts';

export interface Notice<Kind extends PersonalKind> {
  readonly kind: Kind;
  readonly params: MessageParams<Kind>;
  readonly accountId: string | null;
  /** Null: for the inbox only. */
  readonly phone: string | null;
  /** The family member who booked: told the same, and that it is about the patient. */
  readonly proxy?: ProxyRecipient | null;
  /** Seen at their own phone: nobody is told to come to a clinic. */
  readonly byPhone?: boolean;
  /** What it is about, e.g. an appointment's id, so that it can be withdrawn. */
  readonly subjectId: string | null;
  /** The same thing is never told twice, e.g. `booked:<appointmentId>`. */
  readonly dedupeKey: string;
  /** Not before this instant; at once by default. */
  readonly dueAt?: Date;
  /** Later it would be wrong or useless: then it is not sent at all. */
  readonly notAfter?: Date;
}

interface Written {
  readonly accountId: string | null;
  readonly phone: string | null;
  readonly kind: MessageKind;
  readonly text: string;
  readonly params: Readonly<Record<string, string>>;
  readonly dedupeKey: string;
  /** Whom it is about, where that is not the account's own holder. */
  readonly patientId: string | null;
}

async function write(
  unit: Unit,
  message: Written,
  notice: Pick<Notice<PersonalKind>, 'subjectId' | 'dueAt' | 'notAfter'>,
) {
  const written = await unit.tx
    .insertInto('communication')
    .values({
      account_id: message.accountId,
      phone: message.phone,
      kind: message.kind,
      text: message.text,
      params: JSON.stringify(message.params),
      subject_id: notice.subjectId,
      patient_id: message.patientId,
      dedupe_key: message.dedupeKey,
      not_after: notice.notAfter ?? null,
    })
    .onConflict((conflict) => conflict.column('dedupe_key').doNothing())
    .returning('id')
    .executeTakeFirst();
  if (written === undefined) return;
  unit.schedule({ kind: 'communication.send', subjectId: written.id, dueAt: notice.dueAt ?? unit.now });
}

/**
 * Tells somebody something: an inbox message now or later, handed to the phone's carrier by a job. A family member who
 * booked for the person is told the same.
 */
export async function notify<Kind extends PersonalKind>(unit: Unit, notice: Notice<Kind>): Promise<void> {
  const { params, accountId, phone, dedupeKey, proxy = null } = notice;
  const kind = kindFor(notice.kind, notice.byPhone === true);
  // A child has neither phone nor account: the guardian's message is the only one.
  if (accountId !== null || phone !== null || proxy === null) {
    await write(
      unit,
      { accountId, phone, kind, params, text: composeFor(kind, params), dedupeKey, patientId: null },
      notice,
    );
  }
  if (proxy === null) return;
  const about = { ...params, patient: proxy.patientMasked };
  await write(
    unit,
    {
      accountId: proxy.accountId,
      phone: proxy.phone,
      kind: `${kind}-proxy`,
      params: about,
      text: composeForProxy(kind, about),
      dedupeKey: `${dedupeKey}:proxy`,
      patientId: proxy.patientId,
    },
    notice,
  );
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
