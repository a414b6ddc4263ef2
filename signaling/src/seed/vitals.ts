import { type VitalCode, VITALS } from '@cloud-hospital/protocol/rest';
import type { Random } from './random.ts';
import type { Resident } from './seedResidents.ts';

/** What somebody's vitals vary around. */
export interface Body {
  readonly systolic: number;
  readonly heartRate: number;
  readonly oxygen: number;
  readonly glucose: number;
  readonly weight: number;
  readonly height: number;
}

/** Older people have higher pressure and glucose, on the whole. */
export function bodyOf(random: Random, { age, gender }: Resident): Body {
  const height = random.around(gender === 'male' ? 168 : 157, 12);
  return {
    systolic: random.around(112 + Math.max(0, age - 40) * 0.55, 24),
    heartRate: random.around(74, 16),
    oxygen: random.around(97, 2),
    glucose: random.around(5.4 + Math.max(0, age - 45) * 0.03, 2),
    height,
    weight: (height / 100) ** 2 * random.around(23.8, 6),
  };
}

const written = (code: VitalCode, value: number): { code: VitalCode; value: string } => {
  const { decimals, plausible } = VITALS[code];
  return { code, value: Math.min(plausible[1], Math.max(plausible[0], value)).toFixed(decimals) };
};

interface VitalRow {
  readonly code: VitalCode;
  readonly value: string;
}

/**
 * One visit's measurements.
 * @param past 0 for today, 1 for the beginning of the history: pressure was higher then, since treatment helps
 */
export function vitalsOf(random: Random, body: Body, past: number): VitalRow[] {
  const systolic = body.systolic + 14 * past + random.around(0, 8);
  return [
    written('systolic', systolic),
    written('diastolic', systolic * 0.45 + 22 + random.around(0, 6)),
    written('heart-rate', body.heartRate + random.around(0, 8)),
    written('temperature', random.around(36.5, 0.5)),
    written('oxygen-saturation', Math.min(99, body.oxygen + random.around(0, 1))),
    written('glucose', body.glucose + 0.8 * past + random.around(0, 0.9)),
    written('weight', body.weight + 1.5 * past + random.around(0, 0.6)),
    written('height', body.height),
  ];
}
