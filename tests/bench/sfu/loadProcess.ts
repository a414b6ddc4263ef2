/**
 * The generator, in a process of its own on a core of its own: publishers that send by the clock, subscribers that stop
 * reading, probes that tell when packets arrive.
 */
import { setTimeout as sleep } from 'node:timers/promises';
import { randomBytes } from 'node:crypto';
import { RTCDtlsTransport } from 'werift';
import { connectSrtp, type IceRemote } from './connectSrtp.ts';
import { LoadRequest, type Opened, type Ran } from './loadMessages.ts';
import { PAYLOAD_BYTES, Publisher, SENT_AT_OFFSET } from './Publisher.ts';
import { type Arrival, SocketHolder } from './SocketHolder.ts';
import { rtpHeaderLength, SrtpReceiver, TAG_BYTES } from './srtp.ts';
import { STREAM } from './topology.ts';
import { OwnWire, type Wire } from './Wire.ts';

const FRAMES_PER_SECOND = 30;
const FRAME_MS = 1_000 / FRAMES_PER_SECOND;
/** Nobody here answers a request for a key frame: whoever lost one waits for the next, as for a browser's answer. */
const KEY_FRAME_EVERY = FRAMES_PER_SECOND;
/** libwebrtc's pacer sends at 2.5 times the target rate, so that a frame's packets don't leave in one burst. */
const PACING_FACTOR = 2.5;
/** What is under way when the sending ends. */
const DRAIN_MS = 300;
const CLOCK_SAMPLES = 10;
const CONNECTING_AT_ONCE = 8;
/** RFC 5761 §4: payload types 64–95 with the marker bit are RTCP. */
const isRtcp = (packet: Buffer): boolean => packet.readUInt8(1) >= 192 && packet.readUInt8(1) <= 223;

/** One pair for all sockets. */
const own = { usernameFragment: randomBytes(6).toString('hex'), password: randomBytes(16).toString('hex') };
let publisherWires: readonly Wire[] = [];
let subscribers: SocketHolder | undefined;
let publishers: readonly Publisher[] = [];
let receivers: readonly SrtpReceiver[] = [];

async function open(address: string, publisherCount: number, subscriberCount: number): Promise<Opened> {
  publisherWires = await Promise.all(Array.from({ length: publisherCount }, () => OwnWire.open(address)));
  subscribers = await SocketHolder.open(address, subscriberCount);
  const certificate = await RTCDtlsTransport.SetupCertificate();
  return {
    address,
    fingerprint: certificate.getFingerprints()[0]?.value ?? '',
    ...own,
    publisherPorts: publisherWires.map(({ port }) => port),
    subscriberPorts: subscribers.wires.map(({ port }) => port),
  };
}

async function connectAll<T>(
  wires: readonly Wire[],
  remotes: readonly IceRemote[],
  make: (wire: Wire, keys: Awaited<ReturnType<typeof connectSrtp>>, index: number) => T,
): Promise<T[]> {
  const made: T[] = [];
  let next = 0;
  const work = async (): Promise<void> => {
    for (;;) {
      const index = next;
      next += 1;
      const [wire, remote] = [wires[index], remotes[index]];
      if (wire === undefined || remote === undefined) return;
      made[index] = make(wire, await connectSrtp(wire, own, remote), index);
    }
  };
  await Promise.all(Array.from({ length: CONNECTING_AT_ONCE }, work));
  return made;
}

/** Wall clock minus monotonic clock, nanoseconds: read where the millisecond changes, the least delayed of several. */
function clockOffset(): bigint {
  let best = -(2n ** 62n);
  for (let sample = 0; sample < CLOCK_SAMPLES; sample += 1) {
    const before = Date.now();
    let now = before;
    while (now === before) now = Date.now();
    const offset = BigInt(now) * 1_000_000n - process.hrtime.bigint();
    if (offset > best) best = offset;
  }
  return best;
}

/** Sends frame after frame; spins, so that packets leave when they are due and not when a timer of whole milliseconds fires. */
async function send(seconds: number, packetsPerFrame: number, transportCc: boolean): Promise<number> {
  const agenda = publishers
    .flatMap((publisher, index) =>
      Array.from({ length: packetsPerFrame }, (_, part) => ({
        publisher,
        part,
        at: ((index / publishers.length + part / packetsPerFrame / PACING_FACTOR) % 1) * FRAME_MS,
      })),
    )
    .toSorted((a, b) => a.at - b.at || a.part - b.part);
  const startedAt = performance.now();
  const firstFrame = Math.round(startedAt / FRAME_MS);
  let sent = 0;
  for (let frame = 0; frame < seconds * FRAMES_PER_SECOND; frame += 1) {
    const timestamp = Math.round(((firstFrame + frame) * STREAM.clockRate) / FRAMES_PER_SECOND);
    for (const { publisher, part, at } of agenda) {
      while (performance.now() < startedAt + frame * FRAME_MS + at) await new Promise(setImmediate);
      const [first, last] = [part === 0, part === packetsPerFrame - 1];
      publisher.send({ first, last, keyFrame: frame % KEY_FRAME_EVERY === 0, timestamp, transportCc });
      sent += 1;
    }
  }
  return sent;
}

function latencyOf({ socket, at, packet }: Arrival, offset: bigint): number[] {
  const receiver = receivers[socket];
  // An SFU also sends RTCP, and padding to probe the path: neither carries a time.
  if (receiver === undefined || isRtcp(packet)) return [];
  if (packet.length !== rtpHeaderLength(packet) + PAYLOAD_BYTES + TAG_BYTES) return [];
  return [Number(at - offset - receiver.unprotect(packet).readBigUInt64BE(SENT_AT_OFFSET)) / 1_000];
}

async function run(seconds: number, packetsPerFrame: number, transportCc: boolean): Promise<Ran> {
  const offset = clockOffset();
  const startedAt = performance.now();
  const sent = await send(seconds, packetsPerFrame, transportCc);
  const took = (performance.now() - startedAt) / 1_000;
  await sleep(DRAIN_MS);
  const arrivals = (await subscribers?.arrivals()) ?? [];
  return { sent, seconds: took, latencies: arrivals.flatMap((arrival) => latencyOf(arrival, offset)) };
}

async function answer(request: LoadRequest): Promise<unknown> {
  switch (request.ask) {
    case 'open':
      return open(request.address, request.publishers, request.subscribers);
    case 'connect':
      if (request.side === 'publishers') {
        publishers = await connectAll(
          publisherWires,
          request.remotes,
          (wire, { local }, index) => new Publisher(wire, local, index),
        );
        for (const wire of publisherWires) wire.listen(() => undefined);
      } else {
        receivers = await connectAll(
          subscribers?.wires ?? [],
          request.remotes,
          (_wire, { remote }) => new SrtpReceiver(remote),
        );
      }
      return null;
    case 'measure':
      subscribers?.measure(request.probes);
      return null;
    case 'run':
      return run(request.seconds, request.packetsPerFrame, request.transportCc);
  }
}

process.on('message', (message) => {
  answer(LoadRequest.parse(message)).then(
    (result) => process.send?.({ result }),
    (error: unknown) => process.send?.({ error: error instanceof Error ? error.message : String(error) }),
  );
});
process.on('disconnect', () => process.exit(0));
