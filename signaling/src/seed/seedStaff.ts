import type { Role } from '@cloud-hospital/protocol';
import type { Insertable } from 'kysely';
import type { Tx } from '../store/database.ts';
import type { AccountTable, PractitionerRoleTable, PractitionerTable } from '../store/schema.ts';
import type { ScheduleTable } from '../store/scheduling.schema.ts';
import { DEPARTMENTS } from './data/departments.ts';
import { distinctNames } from './data/names.ts';
import { demoUsername } from './demoAccounts.ts';
import { insertAll } from './insertAll.ts';
import type { Random } from './random.ts';
import type { Directory } from './seedDirectory.ts';

const SPECIALISTS = 60;
const SLOT_MINUTES = 15;
const MORNING = ['08:00', '12:00'] as const;
const AFTERNOON = ['14:00', '17:00'] as const;
/** So that a demonstration finds a free slot at any hour, somebody of each department is always on duty. */
const ROUND_THE_CLOCK = ['00:00', '24:00'] as const;
/** Walk-ins a session. */
const WALK_INS = 4;
const ROUND_THE_CLOCK_WALK_INS = 200;
const EVERY_DAY = [1, 2, 3, 4, 5, 6, 7];
const WEEKDAYS = [1, 2, 3, 4, 5];

export interface StaffMember {
  readonly accountId: string;
  readonly practitionerId: string;
  readonly practitionerRoleId: string;
  readonly name: string;
}

export interface SpecialistMember extends StaffMember {
  readonly queueId: string;
  readonly departmentCode: string;
  readonly roundTheClock: boolean;
}

export interface Staff {
  readonly specialists: readonly SpecialistMember[];
  /** By clinic, in the directory's order. */
  readonly clinicDoctors: readonly StaffMember[];
  readonly nurses: readonly StaffMember[];
}

const TITLES = {
  chief: { zh: '主任医师', en: 'Chief Physician' },
  associate: { zh: '副主任医师', en: 'Associate Chief Physician' },
  'clinic-doctor': { zh: '全科医师', en: 'General Practitioner' },
  nurse: { zh: '主管护师', en: 'Nurse' },
  coordinator: { zh: '远程医疗协调员', en: 'Telemedicine Coordinator' },
  'district-administrator': { zh: '区云医院管理员', en: 'District Administrator' },
  auditor: { zh: '审计员', en: 'Auditor' },
} as const;

type NewRole = Pick<
  Insertable<PractitionerRoleTable>,
  'organization_id' | 'location_id' | 'department_code' | 'expertise_zh' | 'expertise_en' | 'phone_visits'
>;
const NOWHERE: NewRole = { organization_id: null, location_id: null, department_code: null };

/** Collects everybody first, then writes each table once. */
class Roster {
  readonly accounts: Insertable<AccountTable>[] = [];
  readonly practitioners: Insertable<PractitionerTable>[] = [];
  readonly roles: Insertable<PractitionerRoleTable>[] = [];
  readonly #random: Random;
  readonly #passwordHash: string;
  readonly #newName: ReturnType<typeof distinctNames>;

  constructor(random: Random, passwordHash: string) {
    this.#random = random;
    this.#passwordHash = passwordHash;
    this.#newName = distinctNames(random);
  }

  add(username: string, role: Role, title: { zh: string; en: string }, place: Partial<NewRole>): StaffMember {
    const random = this.#random;
    const isFemale = random.chance(role === 'nurse' ? 0.95 : 0.45);
    const gender = isFemale ? 'female' : 'male';
    const name = this.#newName('adult', gender);
    const member = {
      accountId: random.uuid(),
      practitionerId: random.uuid(),
      practitionerRoleId: random.uuid(),
      name: name.zh,
    };
    this.accounts.push({
      id: member.accountId,
      username,
      password_hash: this.#passwordHash,
      demo: true,
    });
    this.practitioners.push({
      id: member.practitionerId,
      account_id: member.accountId,
      name: name.zh,
      name_en: name.en,
      gender,
    });
    this.roles.push({
      ...NOWHERE,
      ...place,
      id: member.practitionerRoleId,
      practitioner_id: member.practitionerId,
      role,
      title_zh: title.zh,
      title_en: title.en,
    });
    return member;
  }
}

function weeklySchedule(
  random: Random,
  specialist: SpecialistMember,
  effectiveFrom: string,
): Insertable<ScheduleTable>[] {
  const session = (weekday: number, [start, end]: readonly [string, string]): Insertable<ScheduleTable> => ({
    practitioner_role_id: specialist.practitionerRoleId,
    weekday,
    start_time: start,
    end_time: end,
    slot_minutes: SLOT_MINUTES,
    walk_in_capacity: specialist.roundTheClock ? ROUND_THE_CLOCK_WALK_INS : WALK_INS,
    on_holidays: specialist.roundTheClock,
    effective_from: effectiveFrom,
    effective_to: null,
  });
  if (specialist.roundTheClock) return EVERY_DAY.map((weekday) => session(weekday, ROUND_THE_CLOCK));
  const halfDays = WEEKDAYS.flatMap((weekday) => [session(weekday, MORNING), session(weekday, AFTERNOON)]);
  // Three or four half days of clinic a week; the rest is ward and theatre.
  const kept = new Set<Insertable<ScheduleTable>>();
  const wanted = random.int(3, 4);
  while (kept.size < wanted) kept.add(random.pick(halfDays));
  return [...kept];
}

/** Every so many specialists see residents at their own phone; the one of the demonstration does. */
const PHONE_VISITS_EVERY = 4;

/** Specialists with schedule, queue and availability; staff of every clinic; the offices behind them. */
export async function seedStaff(
  tx: Tx,
  random: Random,
  { districtId, hospitalIds, clinics }: Directory,
  passwordHash: string,
  effectiveFrom: string,
): Promise<Staff> {
  const roster = new Roster(random, passwordHash);
  const specialists = Array.from({ length: SPECIALISTS }, (_, index): SpecialistMember => {
    const round = Math.floor(index / DEPARTMENTS.length);
    const department = DEPARTMENTS[index % DEPARTMENTS.length];
    if (department === undefined) throw new RangeError('no departments');
    const expertise = department.expertise[round % department.expertise.length] ?? ['', ''];
    const member = roster.add(
      demoUsername.specialist(index),
      'specialist',
      random.chance(0.5) ? TITLES.chief : TITLES.associate,
      {
        organization_id: hospitalIds[(index + round) % hospitalIds.length] ?? null,
        department_code: department.code,
        expertise_zh: expertise[0],
        expertise_en: expertise[1],
        phone_visits: index % PHONE_VISITS_EVERY === 0,
      },
    );
    return { ...member, queueId: random.uuid(), departmentCode: department.code, roundTheClock: round === 0 };
  });
  const clinicDoctors = clinics.map(({ id }, index) =>
    roster.add(demoUsername.clinicDoctor(index), 'clinic-doctor', TITLES['clinic-doctor'], { location_id: id }),
  );
  const nurses = clinics.map(({ id }, index) =>
    roster.add(demoUsername.nurse(index), 'nurse', TITLES.nurse, { location_id: id }),
  );
  for (const [index, id] of hospitalIds.entries()) {
    roster.add(demoUsername.coordinator(index), 'coordinator', TITLES.coordinator, { organization_id: id });
  }
  roster.add('admin', 'district-administrator', TITLES['district-administrator'], { organization_id: districtId });
  roster.add('auditor', 'auditor', TITLES.auditor, { organization_id: districtId });

  await insertAll(tx, 'account', roster.accounts);
  await insertAll(tx, 'practitioner', roster.practitioners);
  await insertAll(tx, 'practitioner_role', roster.roles);
  await insertAll(
    tx,
    'queue',
    specialists.map(({ queueId, practitionerRoleId, departmentCode }) => ({
      id: queueId,
      kind: 'specialist' as const,
      practitioner_role_id: practitionerRoleId,
      department_code: departmentCode,
    })),
  );
  await insertAll(
    tx,
    'queue',
    [...new Set(specialists.map((one) => one.departmentCode))].map((departmentCode) => ({
      kind: 'pool' as const,
      practitioner_role_id: null,
      department_code: departmentCode,
    })),
  );
  await insertAll(
    tx,
    'availability',
    specialists.map(({ practitionerRoleId }) => ({
      practitioner_role_id: practitionerRoleId,
      break_until: null,
      takes_pool: true,
    })),
  );
  await insertAll(
    tx,
    'schedule',
    specialists.flatMap((specialist) => weeklySchedule(random, specialist, effectiveFrom)),
  );
  return { specialists, clinicDoctors, nurses };
}
