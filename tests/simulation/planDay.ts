import { identityCheckDigit } from '@cloud-hospital/protocol';
import { Random } from '../../signaling/src/seed/random.ts';

/** How large the day is. Everything random in it follows from `seed`. */
export interface Scenario {
  readonly seed: number;
  readonly clinics: number;
  readonly specialists: number;
  readonly appointments: number;
  readonly walkIns: number;
}

export const WHOLE_DISTRICT: Scenario = {
  seed: 20_261_125,
  clinics: 93,
  specialists: 60,
  appointments: 1_050,
  walkIns: 480,
};

/** Everybody's shares and spreads: minutes where not said otherwise. */
const LIFE = {
  cancels: 0.08,
  staysAway: 0.06,
  comesLate: 0.08,
  urgentWalkIns: 0.04,
  /** Of the walk-ins: whoever of the department is free first will do. */
  anySpecialist: 0.4,
  missesFirstRing: 0.03,
  callDrops: 0.03,
  losesPatience: 0.02,
  usualConsultation: 11,
  specialistsLate: 0.12,
} as const;

/** Surgery hours, minutes after midnight. */
export const SESSIONS = [
  { from: 8 * 60, to: 12 * 60 },
  { from: 14 * 60, to: 17 * 60 },
] as const;

/** A resident of the simulated day; what they will do is settled before it begins. */
export interface Person {
  readonly serial: number;
  readonly name: string;
  readonly identityNumber: string;
  readonly phone: string;
  /** Positions in the lists of clinics and specialists. */
  readonly clinic: number;
  readonly specialist: number;
  readonly booking: {
    /** Minutes after 08:00 two days before. Whole minutes: whoever books in the same one books at once. */
    readonly atMinute: number;
    readonly wishedMinute: number;
    /** Minutes before the appointment; null: doesn't. */
    readonly cancelsBefore: number | null;
    readonly staysAway: boolean;
    /** Minutes before (negative) or after the appointed time. */
    readonly comesAfter: number;
  } | null;
  /** For walk-ins, minutes after midnight. */
  readonly walksInAt: number;
  readonly urgent: boolean;
  /** Waits in the department's pool rather than for the one specialist. */
  readonly pooled: boolean;
  readonly preparationMinutes: number;
  readonly consultationMinutes: number;
  readonly answersAfterSeconds: number;
  readonly missesFirstRing: boolean;
  readonly callDrops: boolean;
  /** Goes home after waiting so long; null: stays. */
  readonly patienceMinutes: number | null;
}

export interface SpecialistDay {
  /** For morning and afternoon. */
  readonly lateMinutes: readonly [number, number];
  readonly absent: boolean;
  readonly pauseSeconds: number;
}

export interface DayPlan {
  readonly people: readonly Person[];
  readonly specialists: readonly SpecialistDay[];
}

const SURNAMES = '赵钱孙李周吴郑王冯陈褚卫蒋沈韩杨朱秦尤许何吕施张孔曹严华金魏陶姜';
const GIVEN = '安平春华秋实德明志远文武国强建军海燕丽英秀兰桂芳玉珍美玲晓东立新';

function identityNumber(random: Random): string {
  const two = (value: number): string => String(value).padStart(2, '0');
  const birth = `${random.int(1932, 1998)}${two(random.int(1, 12))}${two(random.int(1, 28))}`;
  const first17 = `350725${birth}${String(random.int(0, 999)).padStart(3, '0')}`;
  return first17 + identityCheckDigit(first17);
}

/** Around `mean`, skewed to the right as consultations are: most are shortish, some are long. */
const consultation = (random: Random, mean: number): number => {
  const normal = random.around(0, 1.15);
  return Math.min(40, Math.max(3, mean * Math.exp(0.38 * normal - 0.07)));
};

const minuteInSession = (random: Random, tail: number): number => {
  const [morning, afternoon] = SESSIONS;
  const session = random.chance(4 / 7) ? morning : afternoon;
  return random.int(session.from, session.to - tail);
};

/**
 * Who comes where, when and with whom, and who lets whom down. Each clinic gets the same number of people (one more or
 * less), so that waits by clinic can be compared.
 */
export function planDay(scenario: Scenario): DayPlan {
  const random = new Random(scenario.seed);
  const specialists = Array.from({ length: scenario.specialists }, (_, index): SpecialistDay => {
    const late = (): number =>
      random.chance(LIFE.specialistsLate) ? random.int(6, 25) : Math.max(0, Math.round(random.around(1, 3)));
    return { lateMinutes: [late(), late()], absent: index === 1, pauseSeconds: random.int(25, 90) };
  });
  const paces = specialists.map(() => LIFE.usualConsultation * Math.exp(random.around(0, 0.25)));

  const usedNumbers = new Set<string>();
  const newNumber = (): string => {
    for (;;) {
      const number = identityNumber(random);
      if (usedNumbers.has(number)) continue;
      usedNumbers.add(number);
      return number;
    }
  };
  const count = scenario.appointments + scenario.walkIns;
  const kinds = Array.from({ length: count }, (_, index) => index < scenario.appointments);
  const clinics = Array.from({ length: count }, (_, index) => index % scenario.clinics);
  const withWhom = Array.from({ length: count }, (_, index) => index % scenario.specialists);
  for (const list of [kinds, clinics, withWhom]) shuffle(random, list);

  const people = kinds.map((books, serial): Person => {
    const specialist = withWhom[serial] ?? 0;
    const staysAway = random.chance(LIFE.staysAway);
    return {
      serial,
      name: `${pick(random, SURNAMES)}${pick(random, GIVEN)}${random.chance(0.6) ? pick(random, GIVEN) : ''}`,
      identityNumber: newNumber(),
      phone: `189${String(30_000_000 + serial).padStart(8, '0')}`,
      clinic: clinics[serial] ?? 0,
      specialist,
      booking: books
        ? {
            // Two fifths come with the opening of the lines, as they do.
            atMinute: random.chance(0.4) ? random.int(0, 15) : random.int(0, 36 * 60),
            wishedMinute: minuteInSession(random, 15),
            cancelsBefore: random.chance(LIFE.cancels) ? random.int(35, 20 * 60) : null,
            staysAway,
            comesAfter: random.chance(LIFE.comesLate)
              ? random.int(3, 38)
              : -Math.max(1, Math.round(random.around(16, 14))),
          }
        : null,
      walksInAt: minuteInSession(random, 40) + random.next(),
      urgent: !books && random.chance(LIFE.urgentWalkIns),
      pooled: !books && random.chance(LIFE.anySpecialist),
      preparationMinutes: Math.max(1.5, random.around(4, 3)),
      consultationMinutes: consultation(random, paces[specialist] ?? LIFE.usualConsultation),
      answersAfterSeconds: random.int(3, 20),
      missesFirstRing: random.chance(LIFE.missesFirstRing),
      callDrops: random.chance(LIFE.callDrops),
      patienceMinutes: random.chance(LIFE.losesPatience) ? random.int(45, 90) : null,
    };
  });
  return { people, specialists };
}

function shuffle(random: Random, list: unknown[]): void {
  for (let last = list.length - 1; last > 0; last -= 1) {
    const other = random.int(0, last);
    [list[last], list[other]] = [list[other], list[last]];
  }
}

const pick = (random: Random, from: string): string => from.charAt(random.int(0, from.length - 1));
