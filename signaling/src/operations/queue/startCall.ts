import { randomUUID } from 'node:crypto';
import { AppError, EncounterId, QueueEntryId } from '@cloud-hospital/protocol';
import type { CallResult } from '@cloud-hospital/protocol/rest';
import type { z } from 'zod';
import { topic } from '../../domain/topics.ts';
import type { Services } from '../../Services.ts';
import type { Unit } from '../../store/command.ts';
import { violatedConstraint } from '../../store/constraint.ts';
import { selectSpecialists, specialistRef } from '../../store/refs.ts';
import { assertInNoCall } from '../callPeople/invitations.ts';
import { lockEncounter, touchEncounter } from '../encounter/changeEncounter.ts';
import { bumpQueue, type LockedPool, type LockedQueue, moveAvailability } from './lockQueue.ts';
import { lockedEntry, moveEntry } from './moveEntry.ts';
import { takeFromPool } from './pool.ts';

export type CallAnswer = z.infer<typeof CallResult>;

/** Who is to be called. */
export interface Pick {
  readonly entryId: string;
  readonly encounterId: string;
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

/** What the ringing terminal shows. */
async function ringingFacts(unit: Unit, { encounterId }: Pick, { practitionerRoleId }: LockedQueue) {
  const [specialist, visit] = await Promise.all([
    selectSpecialists(unit.tx).where('practitioner_role.id', '=', practitionerRoleId).executeTakeFirstOrThrow(),
    unit.tx
      .selectFrom('encounter')
      .innerJoin('patient', 'patient.id', 'encounter.patient_id')
      .leftJoin('device', 'device.id', 'encounter.device_id')
      .select(['patient.name', 'encounter.ticket_number', 'device.auto_answer_seconds'])
      .where('encounter.id', '=', encounterId)
      .executeTakeFirstOrThrow(),
  ]);
  const { name, title, departmentName } = specialistRef(specialist);
  return {
    specialistName: name,
    specialistTitle: title,
    departmentName,
    patientName: visit.name,
    ticketNumber: visit.ticket_number,
    autoAnswerSeconds: visit.auto_answer_seconds,
  };
}

/**
 * Rings: the entry is called under a fresh lease, its terminal hears it, and a job takes the call back when nobody
 * answers. Overtaking must be recorded before. Two batches of statements, since a terminal is silent meanwhile.
 * @throws what `lostRace` recognises when somebody else was faster
 */
export async function startCall(services: Services, unit: Unit, queue: LockedQueue, pick: Pick): Promise<CallAnswer> {
  const { config } = services;
  const { pool, chosenBecause } = pick;
  if (pool !== null) {
    const waiting = await lockedEntry(unit, pool, pick.entryId);
    if (waiting === undefined) throw new AppError('NOT_FOUND');
    await takeFromPool(unit, pool, queue, waiting);
  }
  const [entry, encounter, facts] = await Promise.all([
    lockedEntry(unit, queue, pick.entryId),
    lockEncounter(unit, pick.encounterId),
    ringingFacts(unit, pick, queue),
    assertInNoCall(unit, queue.practitionerRoleId),
  ]);
  if (entry === undefined || encounter === undefined) throw new AppError('NOT_FOUND');
  const rings = encounter.byPhone
    ? topic.phone(encounter.id)
    : entry.deviceId === null
      ? null
      : topic.device(entry.deviceId);
  if (rings === null) throw new AppError('NOT_READY', { reason: 'no-terminal' });
  const leaseToken = randomUUID();
  const ringingUntil = new Date(unit.now.getTime() + config.RING_SECONDS * 1000);
  // First of all that is told: terminal or phone rings before anybody refetches a list.
  unit.emit([rings], 'call:ringing', {
    encounterId: EncounterId.parse(encounter.id),
    ringingUntil: ringingUntil.toISOString(),
    ...facts,
  });
  await Promise.all([
    moveEntry(unit, entry, 'called', {
      called_at: unit.now,
      called_by: queue.practitionerRoleId,
      lease_token: leaseToken,
      lease_expires_at: ringingUntil,
      skipped_at: null,
    }),
    // Whoever was passed over once comes first again from now on.
    unit.tx
      .updateTable('queue_entry')
      .set({ skipped_at: null })
      .where('queue_id', 'in', pool === null ? [queue.id] : [queue.id, pool.id])
      .where('skipped_at', 'is not', null)
      .execute(),
    beginCalling(unit, queue),
    touchEncounter(unit, encounter),
    bumpQueue(unit, queue),
  ]);
  unit.schedule({ kind: 'call.ring-timeout', subjectId: entry.id, token: leaseToken, dueAt: ringingUntil });
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

/** Calling is work: whoever was off is there from now on. */
async function beginCalling(unit: Unit, queue: LockedQueue): Promise<void> {
  const { availability } = queue;
  if (availability !== 'off') return moveAvailability(unit, queue, 'in-call');
  await moveAvailability(unit, queue, 'available');
  return moveAvailability(unit, { ...queue, availability: 'available' }, 'in-call');
}
