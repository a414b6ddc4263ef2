import { type Action, AppError } from '@cloud-hospital/protocol';
import type { Actor } from '../../domain/Actor.ts';
import type { ActorContext, Unit } from '../../store/command.ts';
import { isClinicStaff } from '../booking/visibility.ts';
import { takesPartByPhone } from '../../store/family.ts';
import { hiddenError } from '../denied.ts';
import { type AnyLockedQueue, lockQueueOfEncounter } from '../queue/lockQueue.ts';
import { type LockedEncounter, lockEncounter } from './changeEncounter.ts';

/** Context of operations whose answer may contain a report's verification address. */
export type RecordContext = ActorContext & {
  /** Origin that the browser sees, e.g. `https://clinic.example`. */
  readonly publicOrigin: string;
};

interface EncounterRelation {
  /** Null while the visit waits in a pool: no specialist's yet. */
  readonly practitionerRoleId: string | null;
  readonly locationId: string;
}

/** Staff of the clinic, and the specialist to whom the visit is assigned. */
export const isRelated = (actor: Actor, encounter: EncounterRelation): boolean =>
  isClinicStaff(actor)
    ? actor.locationId === encounter.locationId
    : actor.role === 'specialist' &&
      encounter.practitionerRoleId !== null &&
      actor.practitionerRoleId === encounter.practitionerRoleId;

/** What a colleague may do who was asked into the call, for as long as they are in it: see and talk, decide nothing. */
const COLLEAGUE_MAY: ReadonlySet<string> = new Set([
  'encounter:read',
  'exchange:read',
  'attachment:read',
  'chat:write',
  'people:read',
] satisfies Action[]);

/** What residents may do in a visit of theirs from their own phone. */
const PHONE_MAY: ReadonlySet<string> = new Set([
  'phone-visit:take-part',
  'call:answer',
  'consent:record',
  'exchange:read',
  'attachment:read',
  'attachment:write',
  'still:answer',
  'chat:write',
] satisfies Action[]);

/** The resident, or family at their side, in a visit by phone. */
export async function takesPart(
  unit: Pick<Unit, 'tx'>,
  actor: Actor,
  action: string,
  encounterId: string,
): Promise<boolean> {
  if (actor.role !== 'resident' || !PHONE_MAY.has(action)) return false;
  const visit = await unit.tx
    .selectFrom('encounter')
    .select('id')
    .where('id', '=', encounterId)
    .where(takesPartByPhone(actor.userId, 'encounter.id'))
    .executeTakeFirst();
  return visit !== undefined;
}

/** Asked into the call of this visit, and in it. */
export async function isInvited(
  unit: Pick<Unit, 'tx'>,
  actor: Actor,
  action: string,
  encounterId: string,
): Promise<boolean> {
  if (actor.role !== 'specialist' || !COLLEAGUE_MAY.has(action)) return false;
  const invitation = await unit.tx
    .selectFrom('call_invitation')
    .select('id')
    .where('encounter_id', '=', encounterId)
    .where('to_role_id', '=', actor.practitionerRoleId)
    .where('state', '=', 'accepted')
    .executeTakeFirst();
  return invitation !== undefined;
}

/**
 * @returns whom and where the visit concerns
 * @throws AppError NOT_FOUND when it doesn't exist or isn't the actor's; the latter leaves an AuditEvent
 */
export async function assertVisibleEncounter(
  unit: Unit,
  actor: Actor,
  action: string,
  encounterId: string,
): Promise<EncounterRelation & { readonly patientId: string }> {
  const row = await unit.tx
    .selectFrom('encounter')
    .select(['practitioner_role_id', 'location_id', 'patient_id'])
    .where('id', '=', encounterId)
    .executeTakeFirst();
  const encounter =
    row === undefined ? undefined : { practitionerRoleId: row.practitioner_role_id, locationId: row.location_id };
  const isVisible =
    encounter !== undefined &&
    (isRelated(actor, encounter) ||
      (await isInvited(unit, actor, action, encounterId)) ||
      (await takesPart(unit, actor, action, encounterId)));
  if (row === undefined || encounter === undefined || !isVisible) {
    throw hiddenError(row !== undefined, {
      action,
      entityKind: 'Encounter',
      entityId: encounterId,
      patientId: row?.patient_id ?? null,
    });
  }
  return { ...encounter, patientId: row.patient_id };
}

/** Locks the queue and the visit of an actor who may change it. @throws AppError NOT_FOUND */
export async function lockVisibleEncounter(
  unit: Unit,
  actor: Actor,
  action: string,
  encounterId: string,
): Promise<{ queue: AnyLockedQueue; encounter: LockedEncounter }> {
  await assertVisibleEncounter(unit, actor, action, encounterId);
  const queue = await lockQueueOfEncounter(unit, encounterId);
  if (queue === undefined) throw new AppError('NOT_FOUND');
  const encounter = await lockEncounter(unit, encounterId);
  if (encounter === undefined) throw new AppError('NOT_FOUND');
  if (!isRelated(actor, encounter) && !(await takesPart(unit, actor, action, encounterId)))
    throw new AppError('NOT_FOUND');
  return { queue, encounter };
}
