import type { Impairment } from '../network/Line.ts';

export interface Step {
  readonly name: string;
  readonly seconds: number;
  readonly impairment: Impairment;
  /** Of the other end's line, too. */
  readonly both?: boolean;
}

export interface Scenario {
  readonly name: string;
  /** Between each browser and the media node, milliseconds. */
  readonly roundTripMs: number;
  readonly steps: readonly Step[];
}

const rate = (kbit: number, seconds: number, name = `${kbit} kbit/s`): Step => ({
  name,
  seconds,
  impairment: { rateUp: kbit, rateDown: kbit },
});

const loss = (percent: number, leg: 'up' | 'both'): Step => ({
  name: `${percent} % ${leg === 'up' ? 'on one leg' : 'on both legs'}`,
  seconds: 12,
  impairment: { lossUp: percent / 100 },
  ...(leg === 'both' ? { both: true } : {}),
});

export const SCENARIOS: readonly Scenario[] = [
  {
    name: 'rate',
    roundTripMs: 60,
    steps: [
      rate(2_000, 15),
      rate(500, 15),
      rate(200, 15),
      rate(100, 15),
      rate(50, 20),
      rate(2_000, 30, 'back at 2000 kbit/s'),
    ],
  },
  {
    name: 'loss',
    roundTripMs: 60,
    steps: [0, 5, 10, 20, 30]
      .map((percent) => loss(percent, 'up'))
      .concat([10, 20, 30].map((percent) => loss(percent, 'both'))),
  },
  {
    name: 'weak',
    roundTripMs: 300,
    steps: [{ name: '150 kbit/s up, 5 % loss, 300 ms', seconds: 40, impairment: { rateUp: 150, lossUp: 0.05 } }],
  },
  {
    name: 'recovery',
    roundTripMs: 60,
    steps: [rate(1_000, 15), rate(150, 20), rate(1_000, 30, 'back at 1000 kbit/s')],
  },
];
