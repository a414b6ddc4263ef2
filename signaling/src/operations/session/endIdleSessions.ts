import { sql } from 'kysely';
import { SYSTEM } from '../../domain/Actor.ts';
import type { Services } from '../../Services.ts';

const BATCH = 500;

/** Sessions of whoever is in a call at this moment: the specialist who called, staff on the terminal that rings or talks. */
const isInCall = sql<boolean>`EXISTS (SELECT FROM queue_entry AS entry WHERE entry.state IN ('called', 'serving')
  AND (entry.called_by = session.practitioner_role_id OR entry.device_id = session.device_id))`;
const isOver = sql<boolean>`(session.expires_at <= now()
  OR session.last_seen_at + make_interval(secs => session.idle_seconds) <= now())`;

/**
 * Ends sessions that idled too long or had their last hour, so that their sockets are cut too. An idle lock never cuts
 * a call: nobody clicks while they listen, so a session in a call counts as used, and its end waits.
 * @returns how many ended
 */
export function endIdleSessions({ commands, sessions }: Pick<Services, 'commands' | 'sessions'>): Promise<number> {
  return commands.run({ agent: SYSTEM, requestId: 'idle-sessions' }, async (unit) => {
    await unit.tx
      .updateTable('session')
      .set({
        last_seen_at: sql<Date>`now()`,
        expires_at: sql<Date>`greatest(expires_at, now() + interval '15 minutes')`,
      })
      .where('revoked_at', 'is', null)
      .where('kind', '=', 'account')
      .where(sql<boolean>`NOT ${isOver} AND last_seen_at < now() - interval '1 minute' AND ${isInCall}`)
      .execute();
    const over = await unit.tx
      .selectFrom('session')
      .select('id')
      .where('revoked_at', 'is', null)
      .where(sql<boolean>`${isOver} AND NOT ${isInCall}`)
      .limit(BATCH)
      .forUpdate()
      .skipLocked()
      .execute();
    if (over.length === 0) return 0;
    return sessions.end(unit, { sessionIds: over.map(({ id }) => id) }, 'expired');
  });
}
