import { randomUUID } from 'node:crypto';
import { sql } from 'kysely';
import { compose, type MessageParams, type PersonalKind } from '../../channels/templates.ts';
import type { Services } from '../../Services.ts';
import type { Unit } from '../../store/command.ts';

/** What is kept of a secret outside the demo district. */
const HIDDEN = '******';

/** A message whose text holds something that opens a door: a code, a link. */
export interface SecretMessage<Kind extends PersonalKind> {
  readonly communicationId: string;
  readonly phone: string;
  readonly kind: Kind;
  readonly params: MessageParams<Kind>;
}

/** Writes down that it is being sent, the secret itself only in the demo district, where nobody owns the phones. */
export async function recordSecret<Kind extends PersonalKind>(
  { config }: Pick<Services, 'config'>,
  unit: Unit,
  message: Omit<SecretMessage<Kind>, 'communicationId'>,
  secret: keyof MessageParams<Kind> & string,
  subjectId: string | null = null,
): Promise<SecretMessage<Kind>> {
  const communicationId = randomUUID();
  const kept = config.DEMO_DISTRICT ? message.params : { ...message.params, [secret]: HIDDEN };
  await unit.tx
    .insertInto('communication')
    .values({
      id: communicationId,
      phone: message.phone,
      kind: message.kind,
      text: compose(message.kind, kept),
      subject_id: subjectId,
      dedupe_key: `${message.kind}:${communicationId}`,
    })
    .execute();
  return { ...message, communicationId };
}

/**
 * Hands it to the carrier after the commit and doesn't wait. Not a job: outside the demo district the secret is nowhere
 * but in this process and on its way to the phone.
 */
export function sendSecret<Kind extends PersonalKind>(
  { channels, db, log }: Pick<Services, 'channels' | 'db' | 'log'>,
  { communicationId, phone, kind, params }: SecretMessage<Kind>,
): void {
  const send = async (): Promise<void> => {
    let status: 'sent' | 'failed' = 'sent';
    try {
      await channels.deliver({ communicationId, phone, kind, params, text: compose(kind, params) });
    } catch (error) {
      status = 'failed';
      log.error({ err: error, communicationId }, 'message with a secret not delivered');
    }
    await db
      .updateTable('communication')
      .set({ status, sent_at: sql<Date>`now()` })
      .where('id', '=', communicationId)
      .execute();
  };
  send().catch((error: unknown) => log.error({ err: error, communicationId }, 'delivery of a secret not recorded'));
}
