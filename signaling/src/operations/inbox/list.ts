import type { ActorContext } from '../../store/command.ts';
import type { Services } from '../../Services.ts';
import { isCurrent } from '../../store/family.ts';

const LIMIT = 100;

export interface InboxMessage {
  readonly sentAt: string;
  readonly kind: string;
  readonly text: string;
  readonly read: boolean;
}

/** The account's own messages, newest first. Listing them marks them read. */
export async function listInbox({ commands }: Services, context: ActorContext): Promise<{ messages: InboxMessage[] }> {
  const { userId } = context.agent;
  if (userId === null) return { messages: [] };
  return commands.run(context, async ({ tx, now }) => {
    const rows = await tx
      .selectFrom('communication')
      .select(['id', 'created_at', 'sent_at', 'kind', 'text', 'read_at'])
      .where('account_id', '=', userId)
      .where('status', '=', 'sent')
      .where('kind', '<>', 'login-code')
      // What was told about a family member is gone with the relation.
      .where((eb) =>
        eb.or([
          eb('patient_id', 'is', null),
          eb.exists(
            eb
              .selectFrom('related_person')
              .select('related_person.id')
              .where('related_person.account_id', '=', userId)
              .whereRef('related_person.patient_id', '=', 'communication.patient_id')
              .where(isCurrent()),
          ),
        ]),
      )
      .orderBy('created_at', 'desc')
      .limit(LIMIT)
      .execute();
    const unread = rows.filter((row) => row.read_at === null).map((row) => row.id);
    if (unread.length > 0) {
      await tx.updateTable('communication').set({ read_at: now }).where('id', 'in', unread).execute();
    }
    return {
      messages: rows.map((row) => ({
        sentAt: (row.sent_at ?? row.created_at).toISOString(),
        kind: row.kind,
        text: row.text,
        read: row.read_at !== null,
      })),
    };
  });
}
