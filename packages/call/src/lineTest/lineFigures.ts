import type { LineFigures } from '@cloud-hospital/protocol/rest';

/** Why a line won't do, in the order of what matters most. */
export type LineFault = 'narrow' | 'lossy' | 'slow';

/** With less, a call shows stills instead of moving pictures; kbit/s. */
const NARROW_KBPS = 200;
/** FEC and retransmission keep the voice whole below it. */
const LOSSY = 0.1;
/** Above this, speaking in turns gets hard (ITU-T G.114: 400 ms each way is the limit of use). */
const SLOW_MS = 800;

export function lineFault({ upKbps, downKbps, lossRate, roundTripMs }: LineFigures): LineFault | null {
  if (Math.min(upKbps, downKbps) < NARROW_KBPS) return 'narrow';
  if (lossRate > LOSSY) return 'lossy';
  return roundTripMs > SLOW_MS ? 'slow' : null;
}

/** The counters that matter, out of getStats() of both transports. */
export interface LineCounters {
  /** Milliseconds. */
  readonly at: number;
  readonly bytesSent: number;
  readonly bytesReceived: number;
  readonly packetsReceived: number;
  readonly packetsLost: number;
  readonly sentLossRate: number;
  readonly roundTripSeconds: number | null;
}

type Entry = Readonly<Record<string, unknown>>;
const of = (entry: Entry | undefined, key: string): number => {
  const value = entry?.[key];
  return typeof value === 'number' ? value : 0;
};

export function lineCounters(at: number, sent: readonly Entry[], received: readonly Entry[]): LineCounters {
  const find = (entries: readonly Entry[], type: string) => entries.find((entry) => entry['type'] === type);
  const pair = [...sent, ...received].filter((one) => one['type'] === 'candidate-pair' && one['nominated'] === true);
  const trips = pair.flatMap((one) =>
    typeof one['currentRoundTripTime'] === 'number' ? [one['currentRoundTripTime']] : [],
  );
  // mediasoup probes the way to us on a stream of its own: it comes over the line like the picture, and may come first.
  const inbound = received.filter((one) => one['type'] === 'inbound-rtp');
  const sum = (key: string): number => inbound.reduce((total, one) => total + of(one, key), 0);
  return {
    at,
    bytesSent: of(find(sent, 'outbound-rtp'), 'bytesSent') + of(find(sent, 'outbound-rtp'), 'headerBytesSent'),
    bytesReceived: sum('bytesReceived') + sum('headerBytesReceived'),
    packetsReceived: sum('packetsReceived'),
    packetsLost: sum('packetsLost'),
    sentLossRate: of(find(sent, 'remote-inbound-rtp'), 'fractionLost'),
    roundTripSeconds: trips.length === 0 ? null : Math.min(...trips),
  };
}

/** What happened between two readings. */
export function lineFigures(before: LineCounters, now: LineCounters): LineFigures {
  const seconds = Math.max(0.001, (now.at - before.at) / 1_000);
  const kbps = (from: number, to: number): number => Math.round((Math.max(0, to - from) * 8) / 1_000 / seconds);
  const lost = Math.max(0, now.packetsLost - before.packetsLost);
  const all = lost + Math.max(0, now.packetsReceived - before.packetsReceived);
  const lossRate = Math.max(all === 0 ? 0 : lost / all, now.sentLossRate);
  return {
    roundTripMs: Math.round((now.roundTripSeconds ?? 0) * 1_000),
    lossRate: Math.round(lossRate * 1_000) / 1_000,
    upKbps: kbps(before.bytesSent, now.bytesSent),
    downKbps: kbps(before.bytesReceived, now.bytesReceived),
  };
}
