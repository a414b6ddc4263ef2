import type { Insertable } from 'kysely';
import { localDate } from '../domain/localTime.ts';
import type { Signer } from '../domain/Signer.ts';
import type { Tx } from '../store/database.ts';
import type { Database } from '../store/schema.ts';
import { CASE_STORIES, type CaseStory } from './data/caseStories.ts';
import { type PastBooking, Yesterday } from './bookYesterday.ts';
import { insertAll } from './insertAll.ts';
import { seedCallQuality } from './seedCallQuality.ts';
import { Diary, HISTORY_DAYS, type PlannedVisit, planVisits, type VisitTimes } from './planVisits.ts';
import type { Random } from './random.ts';
import type { Clinic, Directory } from './seedDirectory.ts';
import type { Resident } from './seedResidents.ts';
import type { SpecialistMember, Staff, StaffMember } from './seedStaff.ts';
import { type SeededReport, signSeededReports } from './signSeededReports.ts';
import { type Body, bodyOf, vitalsOf } from './vitals.ts';

const MINUTE_MS = 60_000;
const DAY_MS = 24 * 60 * MINUTE_MS;

export interface HistoryCast {
  readonly directory: Directory;
  readonly staff: Staff;
  readonly residents: readonly Resident[];
  readonly now: Date;
}

/** Where a visit took place, and with whom. */
interface Scene {
  readonly clinic: Clinic;
  readonly nurse: StaffMember;
  readonly clinicDoctor: StaffMember;
  readonly body: Body;
  /** Null: they walked in. */
  readonly booking: PastBooking | null;
}

const TABLES = [
  'slot',
  'appointment',
  'encounter',
  'room',
  'queue_entry',
  'participant',
  'presence_event',
  'consent',
  'observation',
  'report',
  'report_version',
  'clinic_decision',
] as const satisfies (keyof Database)[];
type Rows = { [Table in (typeof TABLES)[number]]: Insertable<Database[Table]>[] };

function storyFor(random: Random, specialist: SpecialistMember): CaseStory {
  const stories = CASE_STORIES[specialist.departmentCode];
  if (stories === undefined) throw new RangeError(`no story for ${specialist.departmentCode}`);
  return random.pick(stories);
}

/** One finished consultation in all its rows. @returns the report still to be signed */
function tellVisit(
  random: Random,
  rows: Rows,
  { resident, specialist, daysAgo }: PlannedVisit,
  { clinic, nurse, clinicDoctor, body, booking }: Scene,
  time: VisitTimes,
): SeededReport {
  const { complaint, note } = storyFor(random, specialist);
  const [encounterId, reportId] = [random.uuid(), random.uuid()];
  const { patientId } = resident;
  // Of the last two days some opinions still wait for the clinic doctor.
  const isDecided = daysAgo > 1 || random.chance(0.7);
  const visit = { encounter_id: encounterId, patient_id: patientId };
  const recordedByNurse = { recorded_by_account: nurse.accountId, recorded_by_name: nurse.name };

  rows.encounter.push({
    id: encounterId,
    patient_id: patientId,
    practitioner_id: specialist.practitionerId,
    practitioner_role_id: specialist.practitionerRoleId,
    location_id: clinic.id,
    device_id: clinic.deviceId,
    status: 'finished',
    outcome: note.followUpDays !== null && note.followUpDays <= 14 ? 'follow-up-needed' : 'completed',
    complaint,
    ticket_number: booking?.appointment.ticket_number ?? time.ticket,
    appointment_id: booking?.appointment.id ?? null,
    scheduled_start: booking?.start ?? null,
    checked_in_at: time.checkedInAt,
    ready_at: time.readyAt,
    started_at: time.startedAt,
    ended_at: time.endedAt,
    printed_at: isDecided ? new Date(time.signedAt.getTime() + 6 * MINUTE_MS) : null,
    created_at: time.checkedInAt,
  });
  rows.room.push({ encounter_id: encounterId, closed_at: time.endedAt });
  rows.queue_entry.push({
    ...visit,
    queue_id: specialist.queueId,
    location_id: clinic.id,
    device_id: clinic.deviceId,
    state: 'done',
    scheduled_start: booking?.start ?? null,
    checked_in_at: time.checkedInAt,
    called_at: time.calledAt,
    called_by: specialist.practitionerRoleId,
    answered_at: time.startedAt,
    ended_at: time.endedAt,
    call_count: 1,
  });
  const participants = [
    { id: random.uuid(), role: 'specialist' as const, name: specialist.name },
    { id: random.uuid(), role: 'terminal' as const, name: clinic.name },
  ];
  const events = participants.flatMap(({ id }) => [
    { participantId: id, kind: 'connected', at: time.startedAt },
    { participantId: id, kind: 'left', at: time.endedAt },
  ]);
  for (const { id, role, name } of participants) {
    rows.participant.push({
      id,
      encounter_id: encounterId,
      role,
      display_name: name,
      disconnected_at: time.endedAt,
      ...(role === 'terminal'
        ? { device_id: clinic.deviceId }
        : { practitioner_role_id: specialist.practitionerRoleId }),
    });
  }
  for (const { participantId, kind, at } of events) {
    rows.presence_event.push({ encounter_id: encounterId, participant_id: participantId, kind, at });
  }
  rows.consent.push({
    ...visit,
    ...recordedByNurse,
    purpose: 'consultation',
    status: 'active',
    method: 'signed-paper',
    recorded_at: time.readyAt,
  });
  for (const vital of vitalsOf(random, body, daysAgo / HISTORY_DAYS)) {
    rows.observation.push({ ...vital, ...visit, ...recordedByNurse, effective_at: time.readyAt });
  }
  rows.report.push({ id: reportId, encounter_id: encounterId, patient_id: patientId, status: 'final' });
  if (isDecided) {
    rows.clinic_decision.push({
      report_id: reportId,
      report_version: 1,
      decision: 'accepted',
      decided_by_account: clinicDoctor.accountId,
      decided_by_name: clinicDoctor.name,
      decided_at: new Date(time.signedAt.getTime() + 4 * MINUTE_MS),
    });
  }
  return {
    ...time,
    reportId,
    encounterId,
    patientId,
    practitionerRoleId: specialist.practitionerRoleId,
    locationId: clinic.id,
    complaint,
    note,
    participants,
    events,
  };
}

/** Half a year of finished consultations: vitals, consents, presence, signed reports, the clinics' decisions. */
export async function seedHistory(tx: Tx, random: Random, signer: Signer, cast: HistoryCast): Promise<void> {
  const { directory, staff, residents, now } = cast;
  const rows: Rows = {
    slot: [],
    appointment: [],
    encounter: [],
    room: [],
    queue_entry: [],
    participant: [],
    presence_event: [],
    consent: [],
    observation: [],
    report: [],
    report_version: [],
    clinic_decision: [],
  };
  const reports: SeededReport[] = [];
  const diary = new Diary(random, now);
  const yesterday = new Yesterday(random);
  const seenYesterday = new Set<string>();
  const bodies = new Map(residents.map((resident) => [resident.patientId, bodyOf(random, resident)]));

  for (const visit of planVisits(random, staff, residents)) {
    const { clinic: index, patientId } = visit.resident;
    const [clinic, nurse, clinicDoctor, body] = [
      directory.clinics[index],
      staff.nurses[index],
      staff.clinicDoctors[index],
      bodies.get(patientId),
    ];
    if (clinic === undefined || nurse === undefined || clinicDoctor === undefined || body === undefined) {
      throw new RangeError(`nobody works at clinic ${index}`);
    }
    const time = diary.next(visit);
    // What would not be over yet has not happened.
    if (time.signedAt.getTime() + 6 * MINUTE_MS >= now.getTime()) continue;
    const booking = visit.daysAgo === 1 ? yesterday.of(visit, clinic, time) : null;
    if (booking !== null) {
      rows.slot.push(booking.slot);
      rows.appointment.push(booking.appointment);
    }
    if (visit.daysAgo === 1) seenYesterday.add(patientId);
    reports.push(tellVisit(random, rows, visit, { clinic, nurse, clinicDoctor, body, booking }, time));
  }
  const stayedAway = residents.filter((resident, index) => index > 1 && !seenYesterday.has(resident.patientId));
  for (const { slot, appointment } of yesterday.noShows(stayedAway, staff.specialists, directory.clinics)) {
    rows.slot.push(slot);
    rows.appointment.push(appointment);
  }

  rows.report_version.push(...(await signSeededReports(tx, random, signer, reports, now)));
  for (const table of TABLES) await insertAll(tx, table, rows[table]);
  await seedCallQuality(tx, now);
  await insertAll(
    tx,
    'ticket_counter',
    diary.ticketsToday().map(({ practitionerRoleId, tickets }) => ({
      practitioner_role_id: practitionerRoleId,
      day: localDate(now),
      last_number: tickets,
    })),
  );
  // Staff have seen the card of whoever was seen before.
  await tx
    .updateTable('patient')
    .set({ identity_verified_at: new Date(now.getTime() - HISTORY_DAYS * DAY_MS) })
    .where('id', 'in', [...new Set(reports.map(({ patientId }) => patientId))])
    .execute();
}
