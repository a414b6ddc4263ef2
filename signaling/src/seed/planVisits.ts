import { localDate, startOfDay } from '../domain/localTime.ts';
import { ticketNumber } from '../domain/ticketNumber.ts';
import type { Random } from './random.ts';
import type { Resident } from './seedResidents.ts';
import type { SpecialistMember, Staff } from './seedStaff.ts';

const MINUTE_MS = 60_000;
const DAY_MS = 24 * 60 * MINUTE_MS;

/** How far the history reaches back. */
export const HISTORY_DAYS = 170;
/** Of the resident of the demonstration: how many days ago, all with the specialist of the demonstration. */
const FIRST_RESIDENTS_VISITS = [168, 131, 96, 61, 33, 12];
const RESIDENTS_WITH_HISTORY = 110;
/** Enough for the district's statistics to look like a day; tries, as nobody is seen twice on one day. */
const VISITS_YESTERDAY = 260;
const VISITS_TODAY = 110;

export interface PlannedVisit {
  readonly resident: Resident;
  readonly specialist: SpecialistMember;
  readonly daysAgo: number;
}

/** Who saw whom how many days ago, oldest first; nobody twice on one day. */
export function planVisits(random: Random, staff: Staff, residents: readonly Resident[]): PlannedVisit[] {
  const visits: PlannedVisit[] = [];
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

export interface VisitTimes {
  readonly checkedInAt: Date;
  readonly readyAt: Date;
  readonly calledAt: Date;
  readonly startedAt: Date;
  readonly endedAt: Date;
  readonly signedAt: Date;
  readonly ticket: string;
}

/** Most wait some minutes, a few wait long. Minutes from check-in to the start. */
const waitMinutes = (random: Random): number => Math.min(75, Math.round(6 - 12 * Math.log(1 - random.next())));

/** Hands out times in surgery hours, one visit after the other for each specialist's day. */
export class Diary {
  readonly #random: Random;
  readonly #today: Date;
  readonly #days = new Map<string, { end: number; tickets: number }>();

  constructor(random: Random, now: Date) {
    this.#random = random;
    this.#today = startOfDay(localDate(now));
  }

  next({ specialist, daysAgo }: PlannedVisit): VisitTimes {
    const random = this.#random;
    const midnight = this.#today.getTime() - daysAgo * DAY_MS;
    const key = `${specialist.practitionerRoleId} ${daysAgo}`;
    const day = this.#days.get(key) ?? { end: midnight + random.int(8 * 60, 15 * 60) * MINUTE_MS, tickets: 0 };
    const startedAt = day.end + random.int(1, 12) * MINUTE_MS;
    const endedAt = startedAt + Math.round(random.around(11, 6)) * MINUTE_MS;
    this.#days.set(key, { end: endedAt, tickets: day.tickets + 1 });
    return {
      checkedInAt: new Date(startedAt - waitMinutes(random) * MINUTE_MS),
      readyAt: new Date(startedAt - random.int(3, 5) * MINUTE_MS),
      calledAt: new Date(startedAt - random.int(5, 20) * 1000),
      startedAt: new Date(startedAt),
      endedAt: new Date(endedAt),
      signedAt: new Date(endedAt + random.int(1, 9) * MINUTE_MS),
      ticket: ticketNumber('walk-in', day.tickets + 1),
    };
  }

  /** Today's tickets so far by specialist's role, for the counter to go on from. */
  ticketsToday(): { practitionerRoleId: string; tickets: number }[] {
    return [...this.#days].flatMap(([key, { tickets }]) => {
      const [practitionerRoleId = '', daysAgo] = key.split(' ');
      return daysAgo === '0' ? [{ practitionerRoleId, tickets }] : [];
    });
  }
}
