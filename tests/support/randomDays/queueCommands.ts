import { randomUUID } from 'node:crypto';
import { EncounterId, QueueEntryId } from '@cloud-hospital/protocol';
import { sql } from 'kysely';
import { markLeft } from '../../../signaling/src/operations/clinic/markLeft.ts';
import { registerWalkIn } from '../../../signaling/src/operations/clinic/registerWalkIn.ts';
import { finish } from '../../../signaling/src/operations/encounter/finish.ts';
import { interruptEncounter } from '../../../signaling/src/operations/encounter/interruptEncounter.ts';
import { closeDay } from '../../../signaling/src/operations/encounter/leaveUnserved.ts';
import { parkEncounter } from '../../../signaling/src/operations/encounter/parkEncounter.ts';
import { keepPromises } from '../../../signaling/src/operations/promise/keepPromises.ts';
import { callEntry } from '../../../signaling/src/operations/queue/callEntry.ts';
import { callNext } from '../../../signaling/src/operations/queue/callNext.ts';
import { cancelCall } from '../../../signaling/src/operations/queue/cancelCall.ts';
import { returnUnanswered } from '../../../signaling/src/operations/queue/endCall.ts';
import { handOver } from '../../../signaling/src/operations/queue/handOver.ts';
import { alertLateStart, tellLateStart } from '../../../signaling/src/operations/queue/lateStart.ts';
import { noShow } from '../../../signaling/src/operations/queue/noShow.ts';
import { setAvailability } from '../../../signaling/src/operations/queue/setAvailability.ts';
import { setPool } from '../../../signaling/src/operations/queue/setPool.ts';
import { skip } from '../../../signaling/src/operations/queue/skip.ts';
import { takeSubstitute } from '../../../signaling/src/operations/queue/takeSubstitute.ts';
import { randomIdentityNumber, type TestClinic, type TestSpecialist } from '../careDistrict.ts';
import { CareFlow } from '../careFlow.ts';
import { choose, must, type Request } from './choose.ts';
import type { Command, CommandKind } from './commands.ts';
import { entriesOf, specialistsOf, type World } from './world.ts';

const QUEUE_COMMANDS = [
  'walk-in',
  'walk-in-pool',
  'call-next',
  'break',
  'join-pool',
  'leave-pool',
  'late-tell',
] as const satisfies readonly CommandKind[];
type QueueKind = (typeof QUEUE_COMMANDS)[number];
const concernsQueue = (kind: CommandKind): kind is QueueKind => QUEUE_COMMANDS.some((one) => one === kind);

async function planAboutQueue(world: World, sent: Command, kind: QueueKind, key: string): Promise<Request | undefined> {
  const { a, b, c } = sent;
  const { district } = world;
  const { services } = district;
  const specialist = must(world.specialists, a);
  const context = district.context(specialist.actor, key);
  const clinic = must(world.clinics, b);
  switch (kind) {
    case 'walk-in':
      return () => new CareFlow(district, clinic, specialist).walkIn({ urgent: c % 7 === 0 });
    case 'walk-in-pool': {
      const identityNumber = randomIdentityNumber();
      const { departmentCode } = world;
      const person = { name: '赵大爷', identityNumber, complaint: '头晕两天', urgent: c % 7 === 0, departmentCode };
      return () => registerWalkIn(services, district.context(clinic.nurse, key), person);
    }
    case 'call-next': {
      const caller = choose(await specialistsOf(world), sent);
      return caller && (() => callNext(services, district.context(caller.actor, key)));
    }
    case 'break':
      return () => setAvailability(services, context, { state: must(['available', 'break', 'off'] as const, b) });
    case 'join-pool':
    case 'leave-pool':
      return () => setPool(services, context, { takesPool: kind === 'join-pool' });
    case 'late-tell': {
      const lates = await services.db
        .selectFrom('late_start')
        .select([
          'id',
          sql<string>`CASE WHEN told_at IS NULL AND resolved_at IS NULL THEN 'alerted' ELSE 'over' END`.as('state'),
        ])
        .where(
          'practitioner_role_id',
          'in',
          world.specialists.map((one) => one.practitionerRoleId),
        )
        .orderBy('id')
        .execute();
      const late = choose(lates, sent);
      return late && (() => district.asSystem((unit) => tellLateStart(unit, late.id)));
    }
  }
}

type Entry = Awaited<ReturnType<typeof entriesOf>>[number];
type EntryKind = Exclude<CommandKind, QueueKind>;

/** What machines do by themselves. */
async function planJob(world: World, entry: Entry, kind: EntryKind): Promise<Request | undefined> {
  const { district } = world;
  const { config, db } = district.services;
  switch (kind) {
    case 'ring-timeout':
      return () => district.asSystem((unit) => returnUnanswered(unit, entry.id, entry.lease_token ?? '', 'no-answer'));
    case 'stale-timeout':
      return async () => {
        const changed = await district.asSystem((unit) => returnUnanswered(unit, entry.id, randomUUID(), 'no-answer'));
        if (changed) throw new Error('the timeout of another call ended this one');
        return true;
      };
    case 'park':
      return () => district.asSystem((unit) => parkEncounter(unit, entry.encounter_id, config));
    case 'interrupt':
      return () => district.asSystem((unit) => interruptEncounter(unit, entry.encounter_id));
    case 'close-day':
      return () => district.asSystem((unit) => closeDay(unit, entry.encounter_id));
    case 'keep-promises':
      return () => district.asSystem((unit) => keepPromises(unit, entry.queue_id));
    case 'late-alert':
      // As if they had been due ten minutes ago.
      await db
        .updateTable('queue_entry')
        .set({ scheduled_start: sql<Date>`now() - interval '10 minutes'` })
        .where('id', '=', entry.id)
        .where('state', '=', 'waiting')
        .execute();
      return () => district.asSystem((unit) => alertLateStart(unit, config, entry.encounter_id));
    default:
      return undefined;
  }
}

function planOfClinic(world: World, entry: Entry, clinic: TestClinic, kind: EntryKind, key: string) {
  const { district } = world;
  const { services } = district;
  const context = district.context(clinic.nurse, key);
  const encounterId = EncounterId.parse(entry.encounter_id);
  const flow = new CareFlow(district, clinic, must(world.specialists, 0));
  switch (kind) {
    case 'ready':
      return () => flow.ready(encounterId);
    case 'leave':
      return () => markLeft(services, context, { encounterId });
    case 'answer':
      return () => flow.answer(encounterId);
    case 'begin':
      return async () => {
        await flow.begin(encounterId);
        return true;
      };
    case 'take-substitute':
      return () => takeSubstitute(services, context, { queueEntryId: QueueEntryId.parse(entry.id) });
    default:
      return undefined;
  }
}

function planOfSpecialist(
  world: World,
  entry: Entry,
  specialist: TestSpecialist,
  { kind, a, c }: Command,
  key: string,
): Request | undefined {
  const { district } = world;
  const { services } = district;
  const context = district.context(specialist.actor, key);
  const queueEntryId = QueueEntryId.parse(entry.id);
  const { version } = entry;
  switch (kind) {
    case 'call-entry':
      return () => callEntry(services, context, { queueEntryId, reason: 'other' });
    case 'recall':
      return () => callEntry(services, context, { queueEntryId, reason: 'recall' });
    case 'cancel-call':
      return () => cancelCall(services, context, { queueEntryId });
    case 'skip':
      return () => skip(services, context, { queueEntryId, version });
    case 'never-there':
      return () => noShow(services, context, { queueEntryId, version });
    case 'finish': {
      const encounterId = EncounterId.parse(entry.encounter_id);
      return () => finish(services, context, { encounterId, version: entry.encounter_version, outcome: 'completed' });
    }
    case 'hand-over':
    case 'hand-to-pool': {
      const by = c % 3 === 0 ? district.context(world.coordinator, key) : context;
      const others = world.specialists.filter((one) => one.practitionerRoleId !== entry.practitioner_role_id);
      const practitionerRoleId = kind === 'hand-to-pool' ? null : must(others, a + 1).practitionerRoleId;
      return () => handOver(services, by, { queueEntryId, version, practitionerRoleId, reason: 'workload' });
    }
    default:
      return undefined;
  }
}

/** What specialists, clinics and the machinery do to queues and to those who wait in them. */
export async function planQueue(world: World, sent: Command, key: string): Promise<Request | undefined> {
  const { kind, a, c } = sent;
  if (concernsQueue(kind)) return planAboutQueue(world, sent, kind, key);
  const entries = await entriesOf(world);
  const entry = choose(
    // Only somebody whose specialist is away or late can be told so, or helped.
    entries.map((one) => ({
      ...one,
      state:
        (kind === 'take-substitute' && (one.specialist_late ? 'late' : 'in time')) ||
        (kind === 'late-alert' && !one.specialist_off ? 'in time' : one.state),
    })),
    sent,
  );
  if (entry === undefined) return undefined;
  const clinic = world.clinics.find((one) => one.locationId === entry.location_id) ?? must(world.clinics, c);
  // Mostly the one whose patient it is.
  const specialist =
    world.specialists.find((one) => one.practitionerRoleId === entry.practitioner_role_id && c % 10 !== 0) ??
    must(world.specialists, a);
  return (
    planOfSpecialist(world, entry, specialist, sent, key) ??
    planOfClinic(world, entry, clinic, kind, key) ??
    planJob(world, entry, kind)
  );
}
