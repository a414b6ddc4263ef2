import { expectedTimes, saidTime } from '../../../signaling/src/domain/promise/expectedTimes.ts';
import type { Habits } from '../../../signaling/src/domain/promise/habits.ts';
import {
  type LearnedHabits,
  learnHabits,
  type SeenAppointments,
  type SeenVisit,
} from '../../../signaling/src/domain/promise/learnHabits.ts';
import { type Pace, paceOf } from '../../../signaling/src/domain/promise/pace.ts';
import type { OtherCall, Person, QueueSituation, Server } from '../../../signaling/src/domain/promise/situation.ts';
import { Random } from '../../../signaling/src/seed/random.ts';
import { simulateSpecialists } from './people.ts';
import { SimulatedDay, type SpecialistDay } from './SimulatedDay.ts';

const MINUTE_MS = 60_000;
const DAY_MS = 24 * 60 * MINUTE_MS;
/** How often it is looked whether somebody's time is one hour ahead. */
const LOOK_EVERY_MS = 5 * MINUTE_MS;
const OWN_LENGTHS = 40;

/** One promise and what became of it, minutes. */
export interface Outcome {
  /** How far ahead the promised middle was. */
  readonly ahead: number;
  /** Called so much later (positive) or earlier than the middle. */
  readonly error: number;
  readonly within: boolean;
  readonly naiveError: number;
  readonly checkedIn: boolean;
}

export interface SimulationSize {
  readonly seed: number;
  readonly specialists: number;
  readonly clinics: number;
  /** Days that only teach, then days that are measured. */
  readonly learningDays: number;
  readonly measuredDays: number;
}

class Knowledge {
  readonly #visits: SeenVisit[];
  readonly #learned: LearnedHabits;
  readonly #paces = new Map<string, Pace>();

  constructor(visits: SeenVisit[], appointments: readonly SeenAppointments[]) {
    this.#visits = visits;
    this.#learned = learnHabits(visits, appointments);
  }

  habits(specialist: string): Habits {
    return this.#learned.bySpecialist.get(specialist) ?? this.#learned.district;
  }

  pace(day: SimulatedDay, specialist: string): Pace {
    const done = day.seen.filter((visit) => visit.specialist === specialist).length;
    const key = `${day.now > 0 ? day.specialists.length : 0} ${specialist} ${done}`;
    const known = this.#paces.get(key);
    if (known !== undefined) return known;
    const lengths = [...this.#visits, ...day.seen]
      .filter((visit) => visit.specialist === specialist)
      .slice(-OWN_LENGTHS)
      .map(({ startedAt, endedAt }) => (endedAt - startedAt) / MINUTE_MS);
    const pace = paceOf(lengths, this.habits(specialist).consultation);
    this.#paces.set(key, pace);
    return pace;
  }
}

function serverOf(day: SimulatedDay, own: SpecialistDay, pace: Pace): Server | null {
  const minutes = (instant: number): number => (instant - day.now) / MINUTE_MS;
  const { id } = own.specialist;
  if (own.serving !== null)
    return { id, lines: [id], pace, state: { kind: 'serving', elapsed: -minutes(own.serving.since) } };
  if (own.breakUntil !== null)
    return { id, lines: [id], pace, state: { kind: 'away', back: Math.max(0, minutes(own.breakUntil)) } };
  if (own.opened === 0) {
    const startsIn = minutes(own.sessions[0]?.startsAt ?? 0);
    return startsIn < -5 ? null : { id, lines: [id], pace, state: { kind: 'away', back: Math.max(0, startsIn) } };
  }
  return { id, lines: [id], pace, state: { kind: 'free', idle: -minutes(own.lastEnded) } };
}

/** What the real system would know at this moment of the simulated day, and nothing more. */
function situationOf(day: SimulatedDay, own: SpecialistDay, knowledge: Knowledge): QueueSituation {
  const minutes = (instant: number): number => (instant - day.now) / MINUTE_MS;
  const server = serverOf(day, own, knowledge.pace(day, own.specialist.id));
  const people: Person[] = [
    ...own.waiting.map(
      ({ patient, standing, checkedInAt }): Person => ({
        id: patient.id,
        line: own.specialist.id,
        order: { class: standing.class, due: minutes(standing.due) },
        presence: patient.readyAt <= day.now ? { kind: 'ready' } : { kind: 'preparing', since: -minutes(checkedInAt) },
        start: patient.scheduledStart === null ? null : minutes(patient.scheduledStart),
        terminal: patient.terminal,
      }),
    ),
    ...own.booked.map((patient): Person => {
      const start = minutes(patient.scheduledStart ?? 0);
      return {
        id: patient.id,
        line: own.specialist.id,
        order: { class: 2, due: start },
        presence: { kind: 'booked' },
        start,
        terminal: patient.terminal,
      };
    }),
  ];
  const needed = new Set(people.map(({ terminal }) => terminal));
  const others = day.specialists
    .filter((other) => other !== own)
    .flatMap((other): OtherCall[] =>
      [
        ...(other.serving === null
          ? []
          : [
              {
                patient: other.serving.patient,
                when: { kind: 'serving' as const, elapsed: -minutes(other.serving.since) },
              },
            ]),
        ...other.waiting.map(({ patient }, before) => ({ patient, when: { kind: 'waiting' as const, before } })),
        ...other.booked.map((patient) => ({
          patient,
          when: { kind: 'booked' as const, start: minutes(patient.scheduledStart ?? 0) },
        })),
      ].flatMap(({ patient, when }) =>
        needed.has(patient.terminal) ? [{ id: patient.id, terminal: patient.terminal, when }] : [],
      ),
    );
  return { servers: server === null ? [] : [server], people, others, habits: knowledge.habits(own.specialist.id) };
}

interface Open {
  readonly madeAt: number;
  readonly middle: number;
  readonly from: number;
  readonly to: number;
  readonly naive: number;
  readonly checkedIn: boolean;
  readonly ahead: number;
}

/**
 * Lives through days nobody planned and asks the real estimator on the way: for everybody once, when their time is
 * first about one hour ahead (50 to 60 minutes), whether they wait at a clinic or are still at home. Who then comes more
 * than ten minutes late, or not at all, broke the promise themselves and isn't counted.
 */
export function measurePromises(size: SimulationSize): Outcome[] {
  const random = new Random(size.seed);
  const specialists = simulateSpecialists(random, size.specialists);
  const visits: SeenVisit[] = [];
  const appointments: SeenAppointments[] = [];
  const outcomes: Outcome[] = [];
  for (let index = 0; index < size.learningDays + size.measuredDays; index += 1) {
    const day = new SimulatedDay(random, specialists, index * DAY_MS, size.clinics);
    const measured = index >= size.learningDays;
    const knowledge = measured ? new Knowledge(visits, appointments) : null;
    const open = new Map<string, Open>();
    day.run({
      tick: () => {
        if (knowledge === null || day.now % LOOK_EVERY_MS !== 0) return;
        for (const own of day.specialists) promise(day, own, knowledge, open);
      },
      called: (patient, at) => {
        const promised = open.get(patient.id);
        if (promised === undefined || (patient.checkedInAt ?? 0) > (patient.scheduledStart ?? at) + 10 * MINUTE_MS)
          return;
        outcomes.push({
          ahead: promised.ahead,
          error: (at - promised.middle) / MINUTE_MS,
          within: at >= promised.from && at <= promised.to + MINUTE_MS,
          naiveError: (at - promised.naive) / MINUTE_MS,
          checkedIn: promised.checkedIn,
        });
      },
    });
    visits.push(...day.seen);
    appointments.push(...day.appointments);
  }
  return outcomes;
}

/** "People ahead × mean", as the systems in use do it; the mean of the very same lengths. */
function naiveTime(day: SimulatedDay, own: SpecialistDay, situation: QueueSituation, person: Person): number {
  const mean = own.specialist.medianLength * Math.exp(own.specialist.lengthScale ** 2 / 2);
  const ahead =
    situation.people.filter(
      ({ order }) =>
        order.class < person.order.class || (order.class === person.order.class && order.due < person.order.due),
    ).length + (own.serving === null ? 0 : 1);
  return day.now + ahead * mean * MINUTE_MS;
}

function promise(day: SimulatedDay, own: SpecialistDay, knowledge: Knowledge, open: Map<string, Open>): void {
  const situation = situationOf(day, own, knowledge);
  if (situation.people.every(({ id }) => open.has(id))) return;
  const expected = expectedTimes(situation);
  for (const person of situation.people) {
    const told = expected.get(person.id) ?? null;
    if (told === null || open.has(person.id) || told.middle > 60) continue;
    // Met later than that for the first time: not one hour ahead.
    if (told.middle < 50) continue;
    const said = saidTime(told, new Date(day.now));
    open.set(person.id, {
      madeAt: day.now,
      middle: day.now + told.middle * MINUTE_MS,
      from: said.from.getTime(),
      to: said.to.getTime(),
      naive: naiveTime(day, own, situation, person),
      checkedIn: person.presence.kind !== 'booked',
      ahead: told.middle,
    });
  }
}

/** What is reported of many outcomes. */
export interface Accuracy {
  readonly promises: number;
  readonly withinTenMinutes: number;
  readonly bias: number;
  readonly coverage: number;
  readonly meanError: number;
  readonly naiveError: number;
  readonly ratio: number;
}

export function accuracyOf(outcomes: readonly Outcome[]): Accuracy {
  const mean = (value: (outcome: Outcome) => number): number =>
    outcomes.reduce((sum, outcome) => sum + value(outcome), 0) / Math.max(1, outcomes.length);
  const meanError = mean(({ error }) => Math.abs(error));
  const naiveError = mean((outcome) => Math.abs(outcome.naiveError));
  return {
    promises: outcomes.length,
    withinTenMinutes: mean(({ error }) => (Math.abs(error) <= 10 ? 1 : 0)),
    bias: mean(({ error }) => error),
    coverage: mean(({ within }) => (within ? 1 : 0)),
    meanError,
    naiveError,
    ratio: meanError / naiveError,
  };
}
