import { median } from '../statistics.ts';
import { LEAST_DELIVERED, type Sample } from './measureSubjects.ts';
import type { Samples } from './sfuBench.ts';

/** The SFU that the project uses, as it uses it. */
export const OURS = 'mediasoup';
export const PLAIN = 'mediasoup without transport-cc and RTX';
export const NO_JANUS = 'Janus is not installed';

const digits = (value: number): string => (value < 100 ? value.toFixed(1) : String(Math.round(value)));

/** `7.2 µs (6.9–7.7)`: median and range. */
export function spread(values: readonly number[]): string {
  return `${digits(median(values))} µs (${digits(Math.min(...values))}–${digits(Math.max(...values))})`;
}

export const valuesOf = (samples: Samples, name: string, value: (sample: Sample) => number): number[] =>
  (samples.get(name) ?? []).map(value);

/** Median of the ratios within each round: what disturbed both in it falls out. */
export function ratioOf(ours: readonly number[], theirs: readonly number[]): number {
  return median(ours.map((value, index) => value / (theirs[index] ?? Number.NaN)));
}

/** Each Janus with its figure and how ours compares. */
export function besideJanus(samples: Samples, value: (sample: Sample) => number): string {
  const ours = valuesOf(samples, OURS, value);
  const said = [...samples.keys()]
    .filter((name) => name.startsWith('Janus'))
    .map((name) => {
      const theirs = valuesOf(samples, name, value);
      return `${name}: ${spread(theirs)}, ratio ${ratioOf(ours, theirs).toFixed(2)}`;
    });
  return said.length === 0 ? NO_JANUS : said.join('; ');
}

/** A warning for the row when the machine's other work spoilt a window. */
export function disturbance(samples: Samples): string {
  const all = [...samples.values()].flat();
  const spoilt = all.filter(({ delivered }) => delivered < LEAST_DELIVERED).length;
  return spoilt === 0 ? '' : `; DISTURBED: packets were lost in ${spoilt} of ${all.length} windows`;
}

/** Rates, loads and what was lost, of every SFU: what the figures were measured at. */
export function conditions(samples: Samples): Record<string, string> {
  return Object.fromEntries(
    [...samples].map(([name, all]) => [
      name,
      `${Math.round(median(all.map(({ packetsPerSecond }) => packetsPerSecond)))} packets/s, ` +
        `core ${Math.round(100 * median(all.map(({ coreLoad }) => coreLoad)))} % busy with it, ` +
        `waited for it ${(100 * median(all.map(({ waiting }) => waiting))).toFixed(1)} % of the time, ` +
        `${(100 * Math.min(...all.map(({ delivered }) => delivered))).toFixed(1)} % forwarded at least; CPU a packet ` +
        all.map(({ cpuPerPacket }) => cpuPerPacket.toFixed(2)).join(' '),
    ]),
  );
}
