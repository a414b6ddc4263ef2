import { AppError } from '@cloud-hospital/protocol';
import type { Services } from '../../Services.ts';

const LIMIT = 50;

export interface DemoMessage {
  readonly sentAt: string;
  readonly to: string;
  readonly kind: string;
  readonly text: string;
}

/**
 * What the carrier would have delivered, newest first, login codes included: in the demo district nobody owns the
 * fictional phones. @throws AppError NOT_FOUND anywhere else
 */
export async function listDemoInbox(
  { config, db }: Services,
  { phone }: { phone?: string | undefined },
): Promise<{ messages: DemoMessage[] }> {
  if (!config.DEMO_DISTRICT) throw new AppError('NOT_FOUND');
  const rows = await db
    .selectFrom('communication')
    .select(['created_at', 'sent_at', 'phone', 'kind', 'text'])
    .where('phone', 'is not', null)
    .where('status', '<>', 'withdrawn')
    .$if(phone !== undefined, (query) => query.where('phone', '=', phone ?? ''))
    .orderBy('created_at', 'desc')
    .limit(LIMIT)
    .execute();
  return {
    messages: rows.map((row) => ({
      sentAt: (row.sent_at ?? row.created_at).toISOString(),
      to: row.phone ?? '',
      kind: row.kind,
      text: row.text,
    })),
  };
}
