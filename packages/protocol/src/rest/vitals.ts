import { z } from 'zod';

export const VitalCode = z.enum([
  'systolic',
  'diastolic',
  'heart-rate',
  'temperature',
  'oxygen-saturation',
  'respiratory-rate',
  'glucose',
  'weight',
  'height',
]);
export type VitalCode = z.infer<typeof VitalCode>;

/**
 * Vitals with their LOINC code, UCUM unit and two ranges. Outside `plausible` a value is refused as a slip of the
 * finger; outside `usual` (adult, at rest) it is kept and marked. `usual` marks attention, it is not a diagnosis.
 */
export const VITALS: {
  readonly [Code in VitalCode]: {
    loinc: string;
    ucum: string;
    unit: string;
    decimals: 0 | 1;
    plausible: readonly [number, number];
    usual: readonly [number, number] | null;
  };
} = {
  systolic: { loinc: '8480-6', ucum: 'mm[Hg]', unit: 'mmHg', decimals: 0, plausible: [40, 300], usual: [90, 139] },
  diastolic: { loinc: '8462-4', ucum: 'mm[Hg]', unit: 'mmHg', decimals: 0, plausible: [20, 200], usual: [60, 89] },
  'heart-rate': { loinc: '8867-4', ucum: '/min', unit: '/min', decimals: 0, plausible: [20, 250], usual: [60, 100] },
  temperature: { loinc: '8310-5', ucum: 'Cel', unit: '°C', decimals: 1, plausible: [30, 44], usual: [36, 37.2] },
  'oxygen-saturation': { loinc: '59408-5', ucum: '%', unit: '%', decimals: 0, plausible: [40, 100], usual: [95, 100] },
  'respiratory-rate': { loinc: '9279-1', ucum: '/min', unit: '/min', decimals: 0, plausible: [4, 80], usual: [12, 20] },
  glucose: { loinc: '15074-8', ucum: 'mmol/L', unit: 'mmol/L', decimals: 1, plausible: [0.5, 60], usual: [3.9, 7.8] },
  weight: { loinc: '29463-7', ucum: 'kg', unit: 'kg', decimals: 1, plausible: [1, 350], usual: null },
  height: { loinc: '8302-2', ucum: 'cm', unit: 'cm', decimals: 0, plausible: [30, 250], usual: null },
};

export const VitalInput = z
  .object({ code: VitalCode, value: z.number() })
  .refine(({ code, value }) => value >= VITALS[code].plausible[0] && value <= VITALS[code].plausible[1], {
    message: 'outside the plausible range',
    path: ['value'],
  });
