import type { Insertable } from 'kysely';
import { LocalSigner } from '../auth/LocalSigner.ts';
import { localDate, startOfDay } from '../domain/localTime.ts';
import { ticketNumber } from '../domain/ticketNumber.ts';
import type { Tx } from '../store/database.ts';
import type {
  ClinicDecisionTable,
  ConsentTable,
  EncounterTable,
  ObservationTable,
  QueueEntryTable,
  ReportTable,
  ReportVersionTable,
} from '../store/schema.ts';
import { CASE_STORIES, type CaseStory } from './data/caseStories.ts';
import { insertAll } from './insertAll.ts';
import type { Random } from './random.ts';
import type { Directory } from './seedDirectory.ts';
import type { Resident } from './seedResidents.ts';
import type { SpecialistMember, Staff } from './seedStaff.ts';
import { signSeededReport } from './signSeededReport.ts';
import { bodyOf, vitalsOf } from './vitals.ts';

const MINUTE_MS = 60_000;
const DAY_MS = 24 * 60 * MINUTE_MS;

/** Of the resident of the demonstration: how many days ago, all with the specialist of the demonstration. */
const FIRST_RESIDENTS_VISITS = [168, 131, 96, 61, 33, 12];
const RESIDENTS_WITH_HISTORY = 110;
const HISTORY_DAYS = 170;
const VISITS_YESTERDAY = 26;
const VISITS_TODAY = 18;

export interface HistoryCast {
  readonly directory: Directory;
  readonly staff: Staff;
  readonly residents: readonly Resident[];
  readonly now: Date;
}

interface Visit {
  readonly resident: Resident;
  readonly specialist: SpecialistMember;
  readonly daysAgo: number;
}

/** Who saw whom how many days ago; nobody twice on one day. */
function planVisits(random: Random, { staff, residents }: HistoryCast): Visit[] {
  const visits: Visit[] = [];
  const taken = new Set<string>();
  const add = (resident: Resident | undefined, specialist: SpecialistMember | undefined, daysAgo: number): void => {
    if (resident === undefined || specialist === undefined) return;
    const key = `${resident.patientId} ${daysAgo}`;
    if (taken.has(key)) return;
    taken.add(key);
    visits.push({ resident, specialist, daysAgo });
  };
  for (const daysAgo of FIRST_RESIDENTS_VISITS) add(residents[0], staff.specialists[0], daysAgo);
  for (const resident of residents.slice(1, RESIDENTS_WITH_HISTORY)) {
    // People mostly go back to the same one.
    const usual = random.pick(staff.specialists);
    for (let left = random.int(1, 4); left > 0; left -= 1) {
      const specialist = random.chance(0.7) ? usual : random.pick(staff.specialists);
      add(resident, specialist, random.int(2, HISTORY_DAYS));
    }
  }
  // The demonstration's first two residents stay free for whoever demonstrates today.
  const others = residents.slice(2);
  for (let left = VISITS_YESTERDAY; left > 0; left -= 1) add(random.pick(others), random.pick(staff.specialists), 1);
  for (let left = VISITS_TODAY; left > 0; left -= 1) add(random.pick(others), random.pick(staff.specialists), 0);
  return visits.sort((a, b) => b.daysAgo - a.daysAgo);
}

/** Hands out times in the surgery hours, one after the other for each specialist's day. */
class Diary {
  readonly #random: Random;
  readonly #now: Date;
  readonly #used = new Map<string, { end: number; tickets: number }>();

  constructor(random: Random, now: Date) {
    this.#random = random;
    this.#now = now;
  }

  next({ specialist, daysAgo }: Visit) {
    const random = this.#random;
    const midnight = startOfDay(localDate(this.#now)).getTime() - daysAgo * DAY_MS;
    const key = `${specialist.practitionerRoleId} ${daysAgo}`;
    const day = this.#used.get(key) ?? { end: midnight + random.int(8 * 60, 15 * 60) * MINUTE_MS, tickets: 0 };
    const startedAt = day.end + random.int(1, 12) * MINUTE_MS;
    const endedAt = startedAt + Math.round(random.around(11, 6)) * MINUTE_MS;
    const entry = { end: endedAt, tickets: day.tickets + 1 };
    this.#used.set(key, entry);
    return {
      checkedInAt: new Date(startedAt - random.int(6, 48) * MINUTE_MS),
      readyAt: new Date(startedAt - random.int(3, 5) * MINUTE_MS),
      calledAt: new Date(startedAt - random.int(5, 20) * 1000),
      startedAt: new Date(startedAt),
      endedAt: new Date(endedAt),
      signedAt: new Date(endedAt + random.int(1, 9) * MINUTE_MS),
      ticket: ticketNumber('walk-in', entry.tickets),
    };
  }
}

function storyFor(random: Random, specialist: SpecialistMember): CaseStory {
  const stories = CASE_STORIES[specialist.departmentCode];
  if (stories === undefined) throw new RangeError(`no story for ${specialist.departmentCode}`);
  return random.pick(stories);
}

/** Half a year of finished consultations: vitals, consents, signed reports, the clinics' decisions. */
export async function seedHistory(tx: Tx, random: Random, signer: LocalSigner, cast: HistoryCast): Promise<void> {
  const { directory, staff, now } = cast;
  const encounters: Insertable<EncounterTable>[] = [];
  const entries: Insertable<QueueEntryTable>[] = [];
  const consents: Insertable<ConsentTable>[] = [];
  const observations: Insertable<ObservationTable>[] = [];
  const reports: Insertable<ReportTable>[] = [];
  const versions: Insertable<ReportVersionTable>[] = [];
  const decisions: Insertable<ClinicDecisionTable>[] = [];
  const seen = new Set<string>();
  const diary = new Diary(random, now);
  const bodies = new Map(cast.residents.map((resident) => [resident.patientId, bodyOf(random, resident)]));

  for (const visit of planVisits(random, cast)) {
    const { resident, specialist } = visit;
    const clinic = directory.clinics[resident.clinic];
    const nurse = staff.nurses[resident.clinic];
    const clinicDoctor = staff.clinicDoctors[resident.clinic];
    const body = bodies.get(resident.patientId);
    const time = diary.next(visit);
    // What would not be over yet has not happened.
    if (clinic === undefined || nurse === undefined || clinicDoctor === undefined || body === undefined) continue;
    if (time.signedAt >= now) continue;
    const { complaint, note } = storyFor(random, specialist);
    const encounterId = random.uuid();
    const recent = visit.daysAgo <= 1;
    const isDecided = !recent || random.chance(0.7);
    seen.add(resident.patientId);
    encounters.push({
      id: encounterId,
      patient_id: resident.patientId,
      practitioner_id: specialist.practitionerId,
      practitioner_role_id: specialist.practitionerRoleId,
      location_id: clinic.id,
      device_id: clinic.deviceId,
      status: 'finished',
      outcome: note.followUpDays !== null && note.followUpDays <= 14 ? 'follow-up-needed' : 'completed',
      complaint,
      ticket_number: time.ticket,
      checked_in_at: time.checkedInAt,
      ready_at: time.readyAt,
      started_at: time.startedAt,
      ended_at: time.endedAt,
      printed_at: isDecided ? new Date(time.signedAt.getTime() + 6 * MINUTE_MS) : null,
      created_at: time.checkedInAt,
    });
    entries.push({
      id: random.uuid(),
      queue_id: specialist.queueId,
      encounter_id: encounterId,
      patient_id: resident.patientId,
      location_id: clinic.id,
      device_id: clinic.deviceId,
      state: 'done',
      checked_in_at: time.checkedInAt,
      called_at: time.calledAt,
      called_by: specialist.practitionerRoleId,
      answered_at: time.startedAt,
      ended_at: time.endedAt,
      call_count: 1,
    });
    consents.push({
      id: random.uuid(),
      encounter_id: encounterId,
      patient_id: resident.patientId,
      purpose: 'consultation',
      status: 'active',
      method: 'signed-paper',
      recorded_by_account: nurse.accountId,
      recorded_by_name: nurse.name,
      recorded_at: time.readyAt,
    });
    observations.push(
      ...vitalsOf(random, body, visit.daysAgo / HISTORY_DAYS).map((vital) => ({
        ...vital,
        id: random.uuid(),
        encounter_id: encounterId,
        patient_id: resident.patientId,
        effective_at: time.readyAt,
        recorded_by_account: nurse.accountId,
        recorded_by_name: nurse.name,
      })),
    );
    const reportId = random.uuid();
    reports.push({ id: reportId, encounter_id: encounterId, patient_id: resident.patientId, status: 'final' });
    versions.push(
      await signSeededReport(signer, random, { reportId, encounterId, note, resident, specialist, clinic, time }),
    );
    if (isDecided) {
      decisions.push({
        report_id: reportId,
        report_version: 1,
        decision: 'accepted',
        decided_by_account: clinicDoctor.accountId,
        decided_by_name: clinicDoctor.name,
        decided_at: new Date(time.signedAt.getTime() + 4 * MINUTE_MS),
      });
    }
  }

  await insertAll(tx, 'encounter', encounters);
  await insertAll(tx, 'queue_entry', entries);
  await insertAll(tx, 'consent', consents);
  await insertAll(tx, 'observation', observations);
  await insertAll(tx, 'report', reports);
  await insertAll(tx, 'report_version', versions);
  await insertAll(tx, 'clinic_decision', decisions);
  // Staff have seen the card of whoever was seen before.
  await tx
    .updateTable('patient')
    .set({ identity_verified_at: new Date(now.getTime() - HISTORY_DAYS * DAY_MS) })
    .where('id', 'in', [...seen])
    .execute();
}
