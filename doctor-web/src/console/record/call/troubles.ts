import type { CallSide, CallStep } from '@cloud-hospital/protocol/rest';

export type TroubleKind = 'signal' | 'media' | 'moved';

/** Everything between something breaking and its being whole again, at one side. */
export interface Trouble {
  readonly kind: TroubleKind;
  /** Milliseconds since the epoch. */
  readonly from: number;
  readonly to: number;
  readonly steps: readonly CallStep[];
}

/** No interruption: what the network left of the picture. */
export const isPictureChange = ({ stage }: CallStep): boolean =>
  stage === 'video-stills' || stage === 'video-suspended' || stage === 'video-resumed';

/** Steps of one trouble count from the same moment, give or take what rounding and clocks do; milliseconds. */
const SAME_MS = 500;

function kindOf(steps: readonly CallStep[]): TroubleKind {
  if (steps.some(({ stage }) => stage === 'room-moved')) return 'moved';
  return steps.some(({ stage }) => stage === 'media-lost') ? 'media' : 'signal';
}

/** Puts the steps of the recovery ladder together to what people would call an interruption. */
export function troublesOf({ steps }: Pick<CallSide, 'steps'>): Trouble[] {
  const groups: { begin: number; steps: CallStep[] }[] = [];
  for (const step of steps) {
    if (isPictureChange(step)) continue;
    const begin = Date.parse(step.at) - step.sinceLossMs;
    const last = groups.at(-1);
    if (last !== undefined && Math.abs(last.begin - begin) <= SAME_MS) last.steps.push(step);
    else groups.push({ begin, steps: [step] });
  }
  return groups
    .filter(({ steps: own }) => own.length > 1 || own[0]?.stage !== 'attach')
    .map(({ begin, steps: own }) => ({
      kind: kindOf(own),
      from: begin,
      to: Date.parse(own.at(-1)?.at ?? ''),
      steps: own,
    }));
}
