import type { Row } from '../Row.ts';
import { median } from '../statistics.ts';
import { besideJanus, conditions, disturbance, OURS, PLAIN, ratioOf, spread, valuesOf } from '../sfu/compare.ts';
import type { Sample } from '../sfu/measureSubjects.ts';
import type { Samples, SfuMeasurement } from '../sfu/sfuBench.ts';

const cpuOf = ({ cpuPerPacket }: Sample): number => cpuPerPacket;

function result(samples: Samples): string {
  const rate = median(valuesOf(samples, OURS, ({ packetsPerSecond }) => packetsPerSecond));
  return (
    `${spread(valuesOf(samples, OURS, cpuOf))} at ${Math.round(rate)} packets/s; ` +
    `without transport-cc and RTX ${spread(valuesOf(samples, PLAIN, cpuOf))}${disturbance(samples)}`
  );
}

/** Row 6: what it costs mediasoup's worker to forward a packet in rooms of 4. */
export function roomsCostRow({ worker, rooms, growth }: SfuMeasurement): Row {
  return {
    number: 6,
    metric: 'SFU cost a forwarded packet: 6 rooms of 4, 30 fps, 4 × 1,100 B a frame, AES-GCM-128, one core',
    goal: '≤ 0.6 × Janus',
    result: result(rooms),
    yardstick: besideJanus(rooms, cpuOf),
    figures: {
      worker,
      ...conditions(rooms),
      ...Object.fromEntries(
        [...growth].map(([packets, samples]) => [
          `${packets} packets a frame`,
          `${OURS} ${spread(valuesOf(samples, OURS, cpuOf))}; ${besideJanus(samples, cpuOf)}`,
        ]),
      ),
    },
  };
}

/** Row 7: the same from one to a hundred, beside what encryption and sending alone cost. */
export function manyCostRow({ worker, many, floors }: SfuMeasurement): Row {
  const floor = floors.map(({ encryption, sending }) => encryption + sending);
  const ours = valuesOf(many, OURS, cpuOf);
  const beside =
    floor.length === 0
      ? 'floor: OpenSSL’s program is missing'
      : `floor of GCM and sendto ${spread(floor)}, ratio ${ratioOf(ours, floor).toFixed(2)}`;
  return {
    number: 7,
    metric: 'SFU cost a forwarded packet: 1 → 100, bandwidth estimation on',
    goal: '≤ 1.0 × Janus, ≤ 2.5 × floor',
    result: result(many),
    yardstick: `${besideJanus(many, cpuOf)}; ${beside}`,
    figures: {
      worker,
      ...conditions(many),
      floorEncryption: median(floors.map(({ encryption }) => encryption)),
      floorSending: median(floors.map(({ sending }) => sending)),
    },
  };
}
