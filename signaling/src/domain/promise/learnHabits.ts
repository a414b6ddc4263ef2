import { type Habits, USUAL_HABITS } from './habits.ts';
import type { Normal } from './normal.ts';
import { departmentPace, type Evidence, median } from './pace.ts';

/** A finished consultation as it was recorded. Instants in milliseconds. */
export interface SeenVisit {
  readonly specialist: string;
  readonly department: string;
  readonly scheduledStart: number | null;
  readonly urgent: boolean;
  readonly checkedInAt: number;
  readonly readyAt: number | null;
  readonly startedAt: number;
  readonly endedAt: number;
}

/** How many appointments of a specialist were kept and missed. */
export interface SeenAppointments {
  readonly specialist: string;
  readonly came: number;
  readonly missed: number;
}

const MINUTE_MS = 60_000;
const HOUR_MS = 60 * MINUTE_MS;
/** A longer consultation was forgotten, not held. Minutes. */
export const LONGEST_CONSULTATION = 90;
/** A longer gap wasn't a changeover but a break. Minutes. */
const LONGEST_CHANGEOVER = 15;
/** Between two consultations of one session; longer is another session. */
const SESSION_GAP_MS = HOUR_MS;
/** Fewer than this say nothing. */
const MIN_SEEN = 20;
/** What the district's shares and rates weigh against one specialist's own: so many appointments, so many hours. */
const PRIOR_APPOINTMENTS = 20;
const PRIOR_HOURS = 10;
const MIN_SCALE = 0.1;

/** Median and 1.4826 × MAD. */
function robust(values: readonly number[]): Evidence {
  const location = median(values);
  return {
    count: values.length,
    location,
    scale: Math.max(MIN_SCALE, 1.4826 * median(values.map((value) => Math.abs(value - location)))),
  };
}

const orKnown = (seen: Evidence, known: Normal): Normal =>
  seen.count < MIN_SEEN ? known : { location: seen.location, scale: seen.scale };

const logs = (minutes: readonly number[]): number[] => minutes.filter((value) => value > 0).map(Math.log);
const between = (from: number, to: number): number => (to - from) / MINUTE_MS;

interface Work {
  readonly changeovers: number[];
  hours: number;
}

/** What lies between the consultations of one specialist, and how many hours they worked. */
function workOf(visits: readonly SeenVisit[]): Work {
  const sorted = visits.toSorted((a, b) => a.startedAt - b.startedAt);
  const work: Work = { changeovers: [], hours: 0 };
  for (const [index, visit] of sorted.entries()) {
    work.hours += (visit.endedAt - visit.startedAt) / HOUR_MS;
    const following = sorted[index + 1];
    if (following === undefined || following.startedAt - visit.endedAt > SESSION_GAP_MS) continue;
    work.hours += Math.max(0, following.startedAt - visit.endedAt) / HOUR_MS;
    const gap = between(visit.endedAt, following.startedAt);
    if (following.readyAt !== null && following.readyAt <= visit.endedAt && gap < LONGEST_CHANGEOVER) {
      work.changeovers.push(gap);
    }
  }
  return work;
}

/** Share of the booked who are called even earlier than what is called the earliest. */
const EARLIEST_SHARE = 0.1;

/** How long before their time the booked are called at the earliest. */
function earliestCall(visits: readonly SeenVisit[], known: number): number {
  const calls = visits
    .flatMap(({ scheduledStart, startedAt }) => (scheduledStart === null ? [] : [between(scheduledStart, startedAt)]))
    .sort((a, b) => a - b);
  return calls.length < MIN_SEEN ? known : (calls[Math.floor(EARLIEST_SHARE * calls.length)] ?? known);
}

const isWalkIn = (visit: SeenVisit): boolean => visit.scheduledStart === null && !visit.urgent;
const lengthsOf = (visits: readonly SeenVisit[]): number[] =>
  visits
    .map(({ startedAt, endedAt }) => between(startedAt, endedAt))
    .filter((minutes) => minutes < LONGEST_CONSULTATION);

/** Habits of the district, of each department for specialists without any visit, and of each specialist with one. */
export interface LearnedHabits {
  readonly district: Habits;
  readonly byDepartment: ReadonlyMap<string, Habits>;
  readonly bySpecialist: ReadonlyMap<string, Habits>;
}

/**
 * Learns how days go from finished consultations. Locations and scales are medians and scaled MADs, so that forgotten
 * or mistyped ones don't matter. Lengths are drawn from department to district by n / (n + 20); shares and rates from
 * specialist to district by the counts of conjugate priors (beta for coming, gamma for walk-ins and urgent cases).
 */
export function learnHabits(visits: readonly SeenVisit[], appointments: readonly SeenAppointments[]): LearnedHabits {
  const bySpecialist = Map.groupBy(visits, ({ specialist }) => specialist);
  const works = new Map([...bySpecialist].map(([specialist, own]) => [specialist, workOf(own)]));
  const hours = [...works.values()].reduce((sum, work) => sum + work.hours, 0);
  const rate = (own: readonly SeenVisit[], ownHours: number, known: number): number =>
    (own.length + PRIOR_HOURS * known) / (ownHours + PRIOR_HOURS);
  const came = appointments.reduce((sum, one) => sum + one.came, 0);
  const missed = appointments.reduce((sum, one) => sum + one.missed, 0);
  const share = (ownCame: number, ownMissed: number, known: number): number =>
    (ownCame + PRIOR_APPOINTMENTS * known) / (ownCame + ownMissed + PRIOR_APPOINTMENTS);

  const consultation = orKnown(robust(logs(lengthsOf(visits))), USUAL_HABITS.consultation);
  const district: Habits = {
    consultation,
    changeover: orKnown(robust(logs([...works.values()].flatMap((work) => work.changeovers))), USUAL_HABITS.changeover),
    showUp: share(came, missed, USUAL_HABITS.showUp),
    arrival: orKnown(
      robust(
        visits.flatMap(({ scheduledStart, checkedInAt }) =>
          scheduledStart === null ? [] : [between(scheduledStart, checkedInAt)],
        ),
      ),
      USUAL_HABITS.arrival,
    ),
    preparation: orKnown(
      robust(
        logs(visits.flatMap(({ readyAt, checkedInAt }) => (readyAt === null ? [] : [between(checkedInAt, readyAt)]))),
      ),
      USUAL_HABITS.preparation,
    ),
    earliestCall: earliestCall(visits, USUAL_HABITS.earliestCall),
    walkInsPerHour: rate(visits.filter(isWalkIn), hours, USUAL_HABITS.walkInsPerHour),
    urgentPerHour: rate(
      visits.filter(({ urgent }) => urgent),
      hours,
      USUAL_HABITS.urgentPerHour,
    ),
  };

  const departments = new Map(
    [...Map.groupBy(visits, ({ department }) => department)].map(([department, own]) => [
      department,
      departmentPace(robust(logs(lengthsOf(own))), consultation),
    ]),
  );
  const appointmentsOf = new Map(appointments.map((one) => [one.specialist, one]));
  return {
    district,
    byDepartment: new Map(
      [...departments].map(([department, lengths]) => [department, { ...district, consultation: lengths }]),
    ),
    bySpecialist: new Map(
      [...bySpecialist].map(([specialist, own]) => {
        const { came: ownCame, missed: ownMissed } = appointmentsOf.get(specialist) ?? { came: 0, missed: 0 };
        const work = works.get(specialist) ?? { hours: 0, changeovers: [] };
        const changeovers = robust(logs(work.changeovers));
        return [
          specialist,
          {
            ...district,
            consultation: departments.get(own[0]?.department ?? '') ?? consultation,
            changeover: departmentPace(changeovers, district.changeover),
            showUp: share(ownCame, ownMissed, district.showUp),
            earliestCall: earliestCall(own, district.earliestCall),
            walkInsPerHour: rate(own.filter(isWalkIn), work.hours, district.walkInsPerHour),
            urgentPerHour: rate(
              own.filter(({ urgent }) => urgent),
              work.hours,
              district.urgentPerHour,
            ),
          },
        ];
      }),
    ),
  };
}
