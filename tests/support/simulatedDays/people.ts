import type { Random } from '../../../signaling/src/seed/random.ts';

const MINUTE_MS = 60_000;

/** How a simulated specialist works; nobody but the simulation knows. Minutes. */
export interface SimulatedSpecialist {
  readonly id: string;
  readonly department: string;
  readonly medianLength: number;
  readonly lengthScale: number;
  readonly changeover: number;
  /** Works by the clock: calls nobody earlier than so long before their appointed time. */
  readonly earliest: number;
  /** How full the book is, how many come without booking, how many are urgent (an hour). */
  readonly booked: number;
  readonly walkIns: number;
  readonly urgent: number;
}

/** Somebody of a simulated day. Instants in milliseconds. */
export interface SimulatedPatient {
  readonly id: string;
  readonly specialist: string;
  readonly clinic: number;
  readonly terminal: string;
  readonly scheduledStart: number | null;
  readonly urgent: boolean;
  /** Null: doesn't come. */
  readonly checkedInAt: number | null;
  readonly readyAt: number;
  readonly length: number;
  readonly changeover: number;
}

/** Sessions of a day, minutes after midnight, and the length of a slot. */
const SESSIONS = [
  [8 * 60 + 30, 11 * 60 + 30],
  [13 * 60 + 30, 16 * 60 + 30],
] as const;
export const SLOT_MINUTES = 15;

function normal(random: Random): number {
  return Math.sqrt(-2 * Math.log(1 - random.next())) * Math.cos(2 * Math.PI * random.next());
}

const logNormal = (random: Random, median: number, scale: number): number => median * Math.exp(scale * normal(random));

export function simulateSpecialists(random: Random, count: number): SimulatedSpecialist[] {
  return Array.from({ length: count }, (_, index) => {
    const department = index % 4;
    const load = 0.55 + 0.3 * random.next();
    return {
      id: `specialist-${index}`,
      department: `department-${department}`,
      medianLength: (9 + 0.7 * department) * Math.exp(0.15 * normal(random)),
      lengthScale: 0.3 + 0.12 * random.next(),
      changeover: 0.8 + random.next(),
      // Between ward rounds most come to the console for the appointed times; some call whoever is there.
      earliest: random.chance(0.7) ? random.int(1, 5) : 60,
      booked: load,
      walkIns: 0.3 + 0.7 * random.next(),
      urgent: 0.08 * random.next(),
    };
  });
}

/** Late, early or not at all. Minutes after the appointed time; null: doesn't come. */
function arrival(random: Random): number | null {
  if (random.chance(0.08)) return null;
  if (random.chance(0.07)) return random.around(14, 16);
  // The ticket asks them to come a quarter of an hour before; most do, few come much earlier.
  return 2 - Math.min(40, logNormal(random, 13, 0.45));
}

/**
 * Everybody who books, walks in or is brought to one specialist on one day.
 * Lengths are about log-normal, with one in fifty twice as long, and the day has a pace of its own.
 */
export function simulatePatients(
  random: Random,
  specialist: SimulatedSpecialist,
  midnight: number,
  clinics: number,
  planned: Set<string>,
): SimulatedPatient[] {
  const patients: SimulatedPatient[] = [];
  const pace = specialist.medianLength * Math.exp(0.06 * normal(random));
  const add = (scheduledMinute: number | null, urgent: boolean, checkInMinute: number | null): void => {
    let clinic = random.int(0, clinics - 1);
    // Whoever books sees which terminals are taken at that time, and mostly takes another.
    for (
      let tries = 0;
      scheduledMinute !== null && tries < 3 && planned.has(`${clinic} ${scheduledMinute}`);
      tries += 1
    ) {
      clinic = random.int(0, clinics - 1);
    }
    planned.add(`${clinic} ${scheduledMinute}`);
    const checkedInAt = checkInMinute === null ? null : midnight + checkInMinute * MINUTE_MS;
    const preparation = Math.min(25, logNormal(random, 5, 0.45));
    patients.push({
      id: random.uuid(),
      specialist: specialist.id,
      clinic,
      terminal: `terminal-${clinic}`,
      scheduledStart: scheduledMinute === null ? null : midnight + scheduledMinute * MINUTE_MS,
      urgent,
      checkedInAt,
      readyAt: (checkedInAt ?? 0) + preparation * MINUTE_MS,
      length: Math.max(2, logNormal(random, pace, specialist.lengthScale)) * (random.chance(0.02) ? 2 : 1) * MINUTE_MS,
      changeover: logNormal(random, specialist.changeover, 0.5) * MINUTE_MS,
    });
  };
  for (const [start, end] of SESSIONS) {
    for (let minute = start; minute < end; minute += SLOT_MINUTES) {
      if (!random.chance(specialist.booked)) continue;
      const late = arrival(random);
      add(minute, false, late === null ? null : minute + late);
    }
    for (const [perHour, urgent] of [
      [specialist.walkIns, false],
      [specialist.urgent, true],
    ] as const) {
      for (let minute = start - 30; ; ) {
        minute += (-Math.log(1 - random.next()) * 60) / perHour;
        if (minute > end - 30) break;
        add(null, urgent, minute);
      }
    }
  }
  return patients;
}

/** When a specialist opens each session (a little late at times) and takes a break that is announced. */
export function simulateSessions(
  random: Random,
  midnight: number,
): { opensAt: number; startsAt: number; breakAt: number; breakMs: number }[] {
  return SESSIONS.map(([start]) => ({
    startsAt: midnight + start * MINUTE_MS,
    opensAt: midnight + (start + Math.max(0, random.around(1, 6))) * MINUTE_MS,
    breakAt: random.chance(0.4) ? midnight + (start + random.int(70, 130)) * MINUTE_MS : Number.POSITIVE_INFINITY,
    breakMs: random.int(5, 15) * MINUTE_MS,
  }));
}
