import { randomUUID } from 'node:crypto';
import { AppError, EncounterId, QueueEntryId } from '@cloud-hospital/protocol';
import type { CallResult } from '@cloud-hospital/protocol/rest';
import { sql } from 'kysely';
import type { z } from 'zod';
import { topic } from '../../domain/topics.ts';
import type { Services } from '../../Services.ts';
import type { Unit } from '../../store/command.ts';
import { violatedConstraint } from '../../store/constraint.ts';
import { loadRefs } from '../../store/refs.ts';
import { lockEncounter, touchEncounter } from '../encounter/changeEncounter.ts';
import { bumpQueue, type LockedPool, type LockedQueue, moveAvailability } from './lockQueue.ts';
import { lockedEntry, moveEntry } from './moveEntry.ts';
import { takeFromPool } from './pool.ts';

export type CallAnswer = z.infer<typeof CallResult>;

/** Who is to be called. */
export interface Pick {
  readonly entryId: string;
  /** The locked pool the entry waits in; null: the specialist's own queue. */
  readonly pool: LockedPool | null;
  /** Null when the order itself chose. */
  readonly chosenBecause: string | null;
}

/** The unique indexes that keep a terminal and a patient in one call at a time, and what their violation means. */
const BUSY: Readonly<Record<string, 'TERMINAL_BUSY' | 'PATIENT_BUSY'>> = {
  queue_entry_active_device: 'TERMINAL_BUSY',
  queue_entry_active_patient: 'PATIENT_BUSY',
};

/** Whether another specialist took the same terminal or patient between our look and our write. */
export function lostRace(error: unknown): 'TERMINAL_BUSY' | 'PATIENT_BUSY' | undefined {
  const constraint = violatedConstraint(error);
  return constraint === undefined ? undefined : BUSY[constraint];
}

/**
 * Records everybody who stands before the called entry, with the reason: what they lack themselves, or why the
 * specialist chose somebody else.
 * @param chosenBecause null when the order itself chose
 */
export async function recordOvertaking(
  unit: Unit,
  queueIds: readonly string[],
  calledEntryId: string,
  chosenBecause: string | null,
): Promise<void> {
  await sql`
    WITH ordered AS MATERIALIZED (SELECT * FROM queue_order(${queueIds}::uuid[], now()))
    INSERT INTO queue_overtaking (queue_entry_id, overtaken_by, reason)
    SELECT ordered.queue_entry_id, called.queue_entry_id,
      coalesce(${chosenBecause}::text, ordered.not_ready, CASE WHEN entry.skipped_at IS NOT NULL THEN 'skipped' END, 'unknown')
    FROM ordered
    JOIN ordered called ON called.queue_entry_id = ${calledEntryId} AND ordered.place < called.place
    JOIN queue_entry entry ON entry.id = ordered.queue_entry_id`.execute(unit.tx);
}

async function tellTerminal(
  unit: Unit,
  call: {
    readonly queue: LockedQueue;
    readonly encounterId: string;
    readonly patientId: string;
    readonly deviceId: string;
    readonly ringingUntil: Date;
  },
): Promise<void> {
  const { practitionerRoleId } = call.queue;
  const refs = await loadRefs(unit.tx, { patients: [call.patientId], specialists: [practitionerRoleId] }, unit.now);
  const facts = await unit.tx
    .selectFrom('encounter')
    .leftJoin('device', 'device.id', 'encounter.device_id')
    .select(['encounter.ticket_number', 'device.auto_answer_seconds'])
    .where('encounter.id', '=', call.encounterId)
    .executeTakeFirstOrThrow();
  const specialist = refs.specialist(practitionerRoleId);
  unit.emit([topic.device(call.deviceId)], 'call:ringing', {
    encounterId: EncounterId.parse(call.encounterId),
    specialistName: specialist.name,
    specialistTitle: specialist.title,
    departmentName: specialist.departmentName,
    patientName: refs.patient(call.patientId).name,
    ticketNumber: facts.ticket_number,
    autoAnswerSeconds: facts.auto_answer_seconds,
    ringingUntil: call.ringingUntil.toISOString(),
  });
}

/**
 * Rings: the entry is called under a fresh lease, its terminal hears it, and a job takes the call back when nobody
 * answers. Overtaking must be recorded before.
 * @throws what `lostRace` recognises when somebody else was faster
 */
export async function startCall(
  services: Services,
  unit: Unit,
  queue: LockedQueue,
  { entryId, pool, chosenBecause }: Pick,
): Promise<CallAnswer> {
  const { config } = services;
  if (pool !== null) {
    const waiting = await lockedEntry(unit, pool, entryId);
    if (waiting === undefined) throw new AppError('NOT_FOUND');
    await takeFromPool(unit, pool, queue, waiting);
  }
  const entry = await lockedEntry(unit, queue, entryId);
  const encounter = entry === undefined ? undefined : await lockEncounter(unit, entry.encounterId);
  if (entry === undefined || encounter === undefined) throw new AppError('NOT_FOUND');
  if (entry.deviceId === null) throw new AppError('NOT_READY', { reason: 'no-terminal' });
  const leaseToken = randomUUID();
  const ringingUntil = new Date(unit.now.getTime() + config.RING_SECONDS * 1000);
  // First of all that is told: the terminal rings before anybody refetches a list.
  await tellTerminal(unit, {
    queue,
    encounterId: encounter.id,
    patientId: entry.patientId,
    deviceId: entry.deviceId,
    ringingUntil,
  });
  await moveEntry(unit, entry, 'called', {
    called_at: unit.now,
    called_by: queue.practitionerRoleId,
    lease_token: leaseToken,
    lease_expires_at: ringingUntil,
    skipped_at: null,
  });
  // Whoever was passed over once comes first again from now on.
  await unit.tx
    .updateTable('queue_entry')
    .set({ skipped_at: null })
    .where('queue_id', 'in', pool === null ? [queue.id] : [queue.id, pool.id])
    .where('skipped_at', 'is not', null)
    .execute();
  let called = queue;
  if (called.availability === 'off') {
    await moveAvailability(unit, called, 'available');
    called = { ...called, availability: 'available' };
  }
  await moveAvailability(unit, called, 'in-call');
  unit.schedule({ kind: 'call.ring-timeout', subjectId: entry.id, token: leaseToken, dueAt: ringingUntil });
  await touchEncounter(unit, encounter);
  await bumpQueue(unit, queue);

  unit.audit({
    action: 'queue:call',
    entityKind: 'Encounter',
    entityId: encounter.id,
    patientId: entry.patientId,
    reason: chosenBecause,
  });

  return {
    encounterId: EncounterId.parse(encounter.id),
    queueEntryId: QueueEntryId.parse(entry.id),
    ringingUntil: ringingUntil.toISOString(),
  };
}
