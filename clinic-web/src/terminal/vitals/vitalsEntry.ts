import { VITALS, type VitalCode } from '@cloud-hospital/protocol/rest';
import type { DraftKinds } from '../work/Drafts.tsx';

export type VitalTexts = DraftKinds['vitals']['values'];

/** In the order in which they are measured and typed. */
export const FIELD_ORDER = [
  'systolic',
  'diastolic',
  'heart-rate',
  'temperature',
  'oxygen-saturation',
  'respiratory-rate',
  'glucose',
  'weight',
  'height',
] as const satisfies readonly VitalCode[];

export type VitalJudgement =
  | { readonly state: 'empty' }
  /** A slip of the finger: not stored. */
  | { readonly state: 'implausible' }
  /** Stored, and marked for the specialist. */
  | { readonly state: 'unusual'; readonly value: number }
  | { readonly state: 'usual'; readonly value: number };

/** What a text in a field is worth. Digits and one point only; whole numbers where the vital has no decimals. */
export function judgeVital(code: VitalCode, text: string): VitalJudgement {
  if (text === '') return { state: 'empty' };
  const { plausible, usual, decimals } = VITALS[code];
  const pattern = decimals === 0 ? /^\d+$/ : /^\d+(\.\d?)?$/;
  const value = Number(text);
  if (!pattern.test(text) || value < plausible[0] || value > plausible[1]) return { state: 'implausible' };
  const isUsual = usual === null || (value >= usual[0] && value <= usual[1]);
  return { state: isUsual ? 'usual' : 'unusual', value };
}

/** More digits can't make it right: worth saying while it is still being typed. */
export const isHopeless = (code: VitalCode, text: string): boolean => Number(text) > VITALS[code].plausible[1];

export type PairProblem = 'pairMissing' | 'pairOrder';

/** Blood pressure is two numbers, the upper above the lower. */
export function pairProblem({ systolic = '', diastolic = '' }: VitalTexts): PairProblem | null {
  if (systolic === '' && diastolic === '') return null;
  if (systolic === '' || diastolic === '') return 'pairMissing';
  return Number(systolic) > Number(diastolic) ? null : 'pairOrder';
}

/** All that can be stored; null while anything is wrong. */
export function vitalsToStore(texts: VitalTexts): { code: VitalCode; value: number }[] | null {
  if (pairProblem(texts) !== null) return null;
  const entries: { code: VitalCode; value: number }[] = [];
  for (const code of FIELD_ORDER) {
    const judgement = judgeVital(code, texts[code] ?? '');
    if (judgement.state === 'implausible') return null;
    if (judgement.state !== 'empty') entries.push({ code, value: judgement.value });
  }
  return entries;
}
