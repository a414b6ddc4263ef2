import type { SeenAppointments, SeenVisit } from '../../../signaling/src/domain/promise/learnHabits.ts';
import type { Random } from '../../../signaling/src/seed/random.ts';
import { type SimulatedPatient, type SimulatedSpecialist, simulatePatients, simulateSessions } from './people.ts';

const MINUTE_MS = 60_000;
const TICK_MS = 10_000;
const NO_SHOW_AFTER_MS = 30 * MINUTE_MS;
const FIRST_MINUTE = 7 * 60 + 30;
const LAST_MINUTE = 20 * 60;

/** Class and due time of somebody who waits: the rule of `queue_order`, told again for days without a database. */
export interface Standing {
  readonly class: number;
  readonly due: number;
}

export interface WaitingPatient {
  readonly patient: SimulatedPatient;
  readonly checkedInAt: number;
  readonly standing: Standing;
}

type Session = ReturnType<typeof simulateSessions>[number];

/** One specialist's day as it stands. */
export interface SpecialistDay {
  readonly specialist: SimulatedSpecialist;
  readonly sessions: readonly Session[];
  waiting: WaitingPatient[];
  /** Booked and not here yet, in order of time. */
  booked: SimulatedPatient[];
  coming: SimulatedPatient[];
  serving: { patient: SimulatedPatient; since: number; until: number } | null;
  freeAt: number;
  lastEnded: number;
  /** What was announced; they come back a little later. */
  breakUntil: number | null;
  backAt: number;
  takenBreaks: number;
  opened: number;
}

export interface DayHooks {
  /** Every tick, after whatever happened in it. */
  readonly tick?: (day: SimulatedDay) => void;
  readonly called?: (patient: SimulatedPatient, at: number) => void;
}

const standingOf = (patient: SimulatedPatient, checkedInAt: number, earlier: readonly WaitingPatient[]): Standing => {
  if (patient.urgent) return { class: 2, due: checkedInAt - 120 * MINUTE_MS };
  if (patient.scheduledStart !== null) {
    const late = checkedInAt > patient.scheduledStart + 10 * MINUTE_MS;
    return { class: 2, due: late ? checkedInAt : patient.scheduledStart };
  }
  const share = earlier.filter(
    (other) =>
      other.patient.clinic === patient.clinic &&
      other.patient.scheduledStart === null &&
      other.checkedInAt > checkedInAt - 60 * MINUTE_MS,
  ).length;
  return { class: 2, due: checkedInAt + (45 + 5 * share) * MINUTE_MS };
};

const inOrder = (a: WaitingPatient, b: WaitingPatient): number =>
  a.standing.class - b.standing.class || a.standing.due - b.standing.due || a.checkedInAt - b.checkedInAt;

/** A day of several specialists whose patients share the clinics' terminals, second by second of what people do. */
export class SimulatedDay {
  readonly specialists: readonly SpecialistDay[];
  /** Who is in a call at which terminal, until when. */
  readonly terminals = new Map<string, { until: number; since: number; specialist: string }>();
  readonly seen: SeenVisit[] = [];
  readonly appointments: SeenAppointments[] = [];
  now: number;
  readonly #random: Random;
  readonly #admitted = new Map<string, WaitingPatient[]>();
  readonly #midnight: number;

  constructor(random: Random, specialists: readonly SimulatedSpecialist[], midnight: number, clinics: number) {
    this.#random = random;
    this.#midnight = midnight;
    this.now = midnight + FIRST_MINUTE * MINUTE_MS;
    const planned = new Set<string>();
    this.specialists = specialists.map((specialist) => {
      const patients = simulatePatients(random, specialist, midnight, clinics, planned);
      const booked = patients.filter(({ scheduledStart }) => scheduledStart !== null);
      const missed = booked.filter(({ checkedInAt }) => checkedInAt === null).length;
      this.appointments.push({ specialist: specialist.id, came: booked.length - missed, missed });
      return {
        specialist,
        sessions: simulateSessions(random, midnight),
        waiting: [],
        booked,
        coming: patients
          .filter(({ checkedInAt }) => checkedInAt !== null)
          .toSorted((a, b) => (a.checkedInAt ?? 0) - (b.checkedInAt ?? 0)),
        serving: null,
        freeAt: 0,
        lastEnded: 0,
        breakUntil: null,
        backAt: 0,
        takenBreaks: 0,
        opened: 0,
      };
    });
  }

  run(hooks: DayHooks): void {
    for (; this.now < this.#midnight + LAST_MINUTE * MINUTE_MS; this.now += TICK_MS) {
      for (const [terminal, call] of this.terminals) if (call.until <= this.now) this.terminals.delete(terminal);
      for (const day of this.specialists) {
        this.#admit(day);
        this.#work(day, hooks);
      }
      hooks.tick?.(this);
    }
  }

  /** The session that is open or opens next; the last one stays open. */
  session(day: SpecialistDay): Session | undefined {
    return day.sessions[Math.max(0, day.opened - 1)];
  }

  #admit(day: SpecialistDay): void {
    for (;;) {
      const [patient] = day.coming;
      if (patient === undefined || patient.checkedInAt === null || patient.checkedInAt > this.now) break;
      day.coming.shift();
      const earlier = this.#admitted.get(day.specialist.id) ?? [];
      const waiting = {
        patient,
        checkedInAt: patient.checkedInAt,
        standing: standingOf(patient, patient.checkedInAt, earlier),
      };
      this.#admitted.set(day.specialist.id, [...earlier, waiting]);
      day.waiting.push(waiting);
      day.waiting.sort(inOrder);
      day.booked = day.booked.filter((one) => one !== patient);
    }
    day.booked = day.booked.filter(({ scheduledStart }) => (scheduledStart ?? 0) + NO_SHOW_AFTER_MS > this.now);
  }

  #work(day: SpecialistDay, hooks: DayHooks): void {
    if (day.serving !== null && day.serving.until <= this.now) {
      const { patient, since, until } = day.serving;
      this.seen.push({
        specialist: day.specialist.id,
        department: day.specialist.department,
        scheduledStart: patient.scheduledStart,
        urgent: patient.urgent,
        checkedInAt: patient.checkedInAt ?? since,
        readyAt: patient.readyAt,
        startedAt: since,
        endedAt: until,
      });
      day.serving = null;
      day.lastEnded = until;
      day.freeAt = until + patient.changeover;
    }
    if (day.serving !== null) return;
    const next = day.sessions[day.opened];
    if (next !== undefined && next.opensAt <= this.now) day.opened += 1;
    if (day.opened === 0 || this.now < day.freeAt) return;
    const session = day.sessions[day.opened - 1];
    if (session !== undefined && day.takenBreaks < day.opened && session.breakAt <= this.now) {
      day.takenBreaks = day.opened;
      day.breakUntil = this.now + session.breakMs;
      day.backAt = day.breakUntil + Math.max(0, this.#random.around(1, 4)) * MINUTE_MS;
    }
    if (day.breakUntil !== null) {
      if (this.now < day.backAt) return;
      day.breakUntil = null;
    }
    const index = day.waiting.findIndex(
      ({ patient }) =>
        patient.readyAt <= this.now &&
        (patient.scheduledStart ?? 0) - day.specialist.earliest * MINUTE_MS <= this.now &&
        !this.terminals.has(patient.terminal),
    );
    const [called] = index < 0 ? [] : day.waiting.splice(index, 1);
    if (called === undefined) return;
    const until = this.now + called.patient.length;
    day.serving = { patient: called.patient, since: this.now, until };
    this.terminals.set(called.patient.terminal, { until, since: this.now, specialist: day.specialist.id });
    hooks.called?.(called.patient, this.now);
  }
}
