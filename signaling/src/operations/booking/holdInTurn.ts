import { AppError } from '@cloud-hospital/protocol';
import type { Appointment, HoldInput, SlotAlternative } from '@cloud-hospital/protocol/rest';
import { sql } from 'kysely';
import type { z } from 'zod';
import type { Services } from '../../Services.ts';
import { type ActorContext, agentKey } from '../../store/command.ts';
import type { Db } from '../../store/database.ts';
import { gather } from '../../store/gather.ts';
import { slotAlternatives } from './alternatives.ts';
import { hold } from './hold.ts';
import { SlotRush } from './SlotRush.ts';

interface Desk {
  readonly rush: SlotRush;
  /** Whose a slot is now; undefined: nobody's. */
  readonly patientWith: (slotId: string) => Promise<string | undefined>;
  /** Whether a write with this key of this actor (`actor:key`) was done already. */
  readonly isDone: (use: string) => Promise<boolean | undefined>;
  readonly alternatives: (slotId: string, windowDays: number) => Promise<SlotAlternative[]>;
}

/** One for each database: only tests have more than one in a process. */
const desks = new WeakMap<Db, Desk>();

function deskOf({ db }: Services): Desk {
  const known = desks.get(db);
  if (known !== undefined) return known;
  const asked = new Map<string, Promise<SlotAlternative[]>>();
  const desk: Desk = {
    rush: new SlotRush(),
    patientWith: gather(async (slotIds: readonly string[]) => {
      const { rows } = await sql<{ slot_id: string; patient_id: string }>`
        SELECT slot_id, patient_id FROM appointment
        WHERE slot_id = ANY(${slotIds}::uuid[]) AND status IN ('pending', 'booked', 'checked-in', 'fulfilled')
          AND (status <> 'pending' OR hold_expires_at > now())`.execute(db);
      return new Map(rows.map((row) => [row.slot_id, row.patient_id]));
    }),
    isDone: gather(async (uses: readonly string[]) => {
      const pairs = uses.map((use) => [use.slice(0, use.indexOf(':')), use.slice(use.indexOf(':') + 1)]);
      const { rows } = await sql<{ use: string }>`
        SELECT actor || ':' || key AS use FROM idempotency_key
        JOIN unnest(${pairs.map(([actor]) => actor)}::text[], ${pairs.map(([, key]) => key)}::text[]) asked (actor, key)
          USING (actor, key)`.execute(db);
      return new Map(rows.map(({ use }) => [use, true]));
    }),
    // The many who lose one slot at once share the search for another.
    alternatives: (slotId, windowDays) => {
      const running = asked.get(slotId) ?? slotAlternatives(db, slotId, windowDays).finally(() => asked.delete(slotId));
      asked.set(slotId, running);
      return running;
    },
  };
  desks.set(db, desk);
  return desk;
}

/**
 * Whether this hold can only be refused: somebody else has the slot. Not asked for patients whom the actor may book for
 * only by a relation, since a denial must leave its trace, nor for a write that was done before and is answered as then.
 */
async function isGone(desk: Desk, { agent, idempotencyKey }: ActorContext, input: z.infer<typeof HoldInput>) {
  if (agent.role !== 'resident' || agent.patientId !== input.patientId) return false;
  const [holder, done] = await Promise.all([
    desk.patientWith(input.slotId),
    idempotencyKey === undefined ? false : desk.isDone(`${agentKey(agent)}:${idempotencyKey}`),
  ]);
  return holder !== undefined && holder !== input.patientId && done !== true;
}

/**
 * `hold`, for many who want one slot at the same moment: one of them here tries, and whoever waited for that is refused
 * without a transaction.
 * @throws AppError what `hold` throws; UNAVAILABLE when the wait is too long
 */
export async function holdInTurn(
  services: Services,
  context: ActorContext,
  input: z.infer<typeof HoldInput>,
): Promise<Appointment> {
  const desk = deskOf(services);
  try {
    return await desk.rush.inTurn(
      input.slotId,
      () => isGone(desk, context, input),
      () => hold(services, context, input),
    );
  } catch (error) {
    if (!(error instanceof AppError) || error.code !== 'SLOT_TAKEN' || error.details !== undefined) throw error;
    const alternatives = await desk.alternatives(input.slotId, services.config.BOOKING_WINDOW_DAYS);
    throw new AppError('SLOT_TAKEN', { alternatives }, { cause: error });
  }
}
