import type { Row } from '../Row.ts';
import { median, percentile } from '../statistics.ts';
import { besideJanus, conditions, disturbance, OURS, PLAIN, spread, valuesOf } from '../sfu/compare.ts';
import type { Sample } from '../sfu/measureSubjects.ts';
import type { SfuMeasurement } from '../sfu/sfuBench.ts';

const at =
  (p: number) =>
  ({ latencies }: Sample): number =>
    percentile(latencies, p);

/**
 * Row 8: from the publisher's clock in the payload, read before encryption, to the kernel's time of arrival at three
 * probes. mediasoup has one thread: what it waited for its core, other programs had it, and a p99 is then theirs. It contains one encryption and one sendto of the generator, the same for every SFU.
 */
export function latencyRow({ worker, rooms }: SfuMeasurement): Row {
  return {
    number: 8,
    metric: 'latency added by the SFU, rooms of 4',
    goal: 'p99 ≤ 300 µs and ≤ 0.5 × Janus',
    result:
      `p50 ${spread(valuesOf(rooms, OURS, at(50)))}, p99 ${spread(valuesOf(rooms, OURS, at(99)))}${disturbance(rooms)}; ` +
      `waited for its core ${(100 * median(valuesOf(rooms, OURS, ({ waiting }) => waiting))).toFixed(1)} % of the time`,
    yardstick: `p99: ${besideJanus(rooms, at(99))}`,
    figures: {
      worker,
      janusP50: besideJanus(rooms, at(50)),
      withoutTransportCcP99: spread(valuesOf(rooms, PLAIN, at(99))),
      probePackets: Math.min(...valuesOf(rooms, OURS, ({ latencies }) => latencies.length)),
      ...conditions(rooms),
    },
  };
}
