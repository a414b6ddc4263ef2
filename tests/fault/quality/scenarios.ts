import type { Impairment } from '../network/Line.ts';

export interface Step {
  readonly name: string;
  readonly seconds: number;
  readonly impairment: Impairment;
  /** Of the other end's line, too. */
  readonly both?: boolean;
}

/** How a plain page sends its camera. */
export interface PlainVariant {
  readonly name: string;
  readonly codec: 'VP8' | 'VP9' | 'AV1';
  /** Three pictures of their own, one in layers, or one as it is. */
  readonly layers: 'simulcast' | 'svc' | 'none';
  /** What mends a voice with gaps: nothing, Opus's in-band FEC, retransmission (NACK), or both. */
  readonly voice: 'nothing' | 'fec' | 'nack' | 'both';
}

/** As mediasoup's examples send. */
export const PLAIN: PlainVariant = { name: 'plain page', codec: 'VP8', layers: 'simulcast', voice: 'fec' };

export interface Scenario {
  readonly name: string;
  /** Plain pages among themselves, instead of the product's beside a plain one. */
  readonly variants?: readonly PlainVariant[];
  /** Between each browser and the media node, milliseconds. */
  readonly roundTripMs: number;
  /** Added at random to each way, up to this much: packets overtake each other by it. A tenth of the round trip by default. */
  readonly jitterMs?: number;
  readonly steps: readonly Step[];
}

const rate = (kbit: number, seconds: number, name = `${kbit} kbit/s`): Step => ({
  name,
  seconds,
  impairment: { rateUp: kbit, rateDown: kbit },
});

/** On the way up and down of the terminal's line, or of both lines: each direction then passes one lossy leg, or two. */
const loss = (percent: number, legs: 'one' | 'both'): Step => ({
  name: `${percent} % on ${legs === 'one' ? 'one leg' : 'both legs'}`,
  seconds: 12,
  impairment: { lossUp: percent / 100, lossDown: percent / 100 },
  both: legs === 'both',
});

const voiceWith = (voice: PlainVariant['voice']): PlainVariant => ({ ...PLAIN, name: `voice: ${voice}`, voice });
const pictureWith = (codec: PlainVariant['codec'], layers: PlainVariant['layers']): PlainVariant => ({
  ...PLAIN,
  name: `${codec} ${layers}`,
  codec,
  layers,
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
      .map((percent) => loss(percent, 'one'))
      .concat([10, 20, 30].map((percent) => loss(percent, 'both'))),
  },
  {
    name: 'weak',
    roundTripMs: 300,
    // The fall itself, and a line that is always so.
    steps: [
      { name: 'falls to 150 kbit/s up, 5 % loss, 300 ms', seconds: 10, impairment: { rateUp: 150, lossUp: 0.05 } },
      { name: 'and stays so', seconds: 40, impairment: { rateUp: 150, lossUp: 0.05 } },
    ],
  },
  {
    name: 'reordered',
    roundTripMs: 200,
    // Three packets of a voice.
    jitterMs: 120,
    steps: [{ name: '5 % loss, 200 ms, reordered', seconds: 40, impairment: { lossUp: 0.05, lossDown: 0.05 } }],
  },
  {
    name: 'recovery',
    roundTripMs: 60,
    steps: [rate(1_000, 15), rate(150, 20), rate(1_000, 30, 'back at 1000 kbit/s')],
  },
  {
    name: 'codecs',
    roundTripMs: 60,
    variants: [
      pictureWith('VP8', 'simulcast'),
      pictureWith('VP8', 'none'),
      pictureWith('VP9', 'svc'),
      pictureWith('AV1', 'none'),
    ],
    steps: [2_000, 1_000, 500, 300, 200, 150].map((kbit) => rate(kbit, 10)),
  },
  {
    name: 'voice',
    roundTripMs: 60,
    variants: (['nothing', 'fec', 'nack', 'both'] as const).map(voiceWith),
    steps: [10, 20, 30].map((percent) => loss(percent, 'one')).concat([10, 20].map((percent) => loss(percent, 'both'))),
  },
];
