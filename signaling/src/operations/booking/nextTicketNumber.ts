import { sql } from 'kysely';
import { type TicketKind, ticketNumber } from '../../domain/ticketNumber.ts';
import type { Tx } from '../../store/database.ts';

/**
 * The next number of the specialist's day, never given twice. Concurrent callers wait for each other on the counter's
 * row until they commit, so take it as late in the transaction as possible.
 * @param day `YYYY-MM-DD` in Asia/Shanghai
 */
export async function nextTicketNumber(
  tx: Tx,
  practitionerRoleId: string,
  day: string,
  kind: TicketKind,
): Promise<string> {
  const { last_number: ordinal } = await tx
    .insertInto('ticket_counter')
    .values({ practitioner_role_id: practitionerRoleId, day, last_number: 1 })
    .onConflict((conflict) =>
      conflict
        .columns(['practitioner_role_id', 'day'])
        .doUpdateSet({ last_number: sql<number>`ticket_counter.last_number + 1` }),
    )
    .returning('last_number')
    .executeTakeFirstOrThrow();
  return ticketNumber(kind, ordinal);
}

/** The same for a department's pool, with a letter of its own: `C012`. */
export async function nextPoolTicketNumber(tx: Tx, poolId: string, day: string): Promise<string> {
  const { last_number: ordinal } = await tx
    .insertInto('pool_ticket_counter')
    .values({ queue_id: poolId, day, last_number: 1 })
    .onConflict((conflict) =>
      conflict
        .columns(['queue_id', 'day'])
        .doUpdateSet({ last_number: sql<number>`pool_ticket_counter.last_number + 1` }),
    )
    .returning('last_number')
    .executeTakeFirstOrThrow();
  return ticketNumber('pool', ordinal);
}
