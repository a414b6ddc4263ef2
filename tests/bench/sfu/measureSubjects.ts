import { threadTimes } from './cores.ts';
import { LoadGenerator } from './LoadGenerator.ts';
import type { Subject, SubjectKind } from './Subject.ts';
import { deliveriesOf, type Topology } from './topology.ts';

/** One window of one SFU. */
export interface Sample {
  /** CPU of the SFU's threads for each packet it sent, microseconds. */
  readonly cpuPerPacket: number;
  readonly packetsPerSecond: number;
  /** Packets sent to subscribers out of those that had to be, 1 = all. */
  readonly delivered: number;
  /** Share of its core that the SFU used, 1 = all. */
  readonly coreLoad: number;
  /** Share of the time that a thread of it waited for the core, 1 = all of one thread's. */
  readonly waiting: number;
  readonly latencies: readonly number[];
}

export interface Plan {
  readonly topology: Topology;
  readonly packetsPerFrame: number;
  readonly seconds: number;
  readonly rounds: number;
  /** One of this machine's, for all sockets: what goes there goes over loopback. */
  readonly address: string;
  readonly sfuCore: number;
  readonly loadCore: number;
}

/** Subscribers that read; the rest only fill their sockets. */
const PROBES = 3;
const WARM_UP_SECONDS = 1;
/** A window in which more was lost than this says more about the machine's other work than about the SFU. */
export const LEAST_DELIVERED = 0.99;
const ATTEMPTS = 3;

/** Everybody connected first, then window after window in turn: A B C, A B C, … */
export async function measureSubjects(
  kinds: readonly SubjectKind[],
  plan: Plan,
  betweenRounds: () => Promise<void> = () => Promise.resolve(),
): Promise<ReadonlyMap<string, readonly Sample[]>> {
  const { topology, packetsPerFrame, rounds } = plan;
  const started: { subject: Subject; load: LoadGenerator; samples: Sample[] }[] = [];
  await using cleanup = new AsyncDisposableStack();
  for (const kind of kinds) {
    const load = cleanup.adopt(new LoadGenerator(plan.loadCore), (generator) => generator.close());
    process.stderr.write(`  ${topology.name}: connecting to ${kind.name}\n`);
    const ends = await load.open(plan.address, topology.publishers.length, topology.subscribers.length);
    const subject = await kind.start({ topology, load, ends, core: plan.sfuCore });
    cleanup.defer(() => subject.close());
    await load.measure(Array.from({ length: PROBES }, (_, index) => index));
    await load.run(WARM_UP_SECONDS, packetsPerFrame, subject.transportCc);
    started.push({ subject, load, samples: [] });
  }
  for (let round = 0; round < rounds; round += 1) {
    for (const { subject, load, samples } of started) {
      let sample = await takeSample(subject, load, plan);
      for (let attempt = 1; attempt < ATTEMPTS && sample.delivered < LEAST_DELIVERED; attempt += 1) {
        process.stderr.write(
          `  disturbed: ${subject.name} forwarded ${(100 * sample.delivered).toFixed(1)} %; once more\n`,
        );
        sample = await takeSample(subject, load, plan);
      }
      samples.push(sample);
    }
    await betweenRounds();
  }
  return new Map(started.map(({ subject, samples }) => [subject.name, samples]));
}

async function takeSample(subject: Subject, load: LoadGenerator, plan: Plan): Promise<Sample> {
  const { topology, packetsPerFrame } = plan;
  const forwardedBefore = await subject.forwarded();
  const before = threadTimes(subject.pid);
  const { sent, seconds, latencies } = await load.run(plan.seconds, packetsPerFrame, subject.transportCc);
  const after = threadTimes(subject.pid);
  const cpu = after.ran - before.ran;
  const forwarded = (await subject.forwarded()) - forwardedBefore;
  return {
    cpuPerPacket: cpu / 1_000 / forwarded,
    packetsPerSecond: forwarded / seconds,
    delivered: (forwarded * topology.publishers.length) / (sent * deliveriesOf(topology)),
    coreLoad: cpu / 1e9 / seconds,
    waiting: (after.waited - before.waited) / 1e9 / seconds,
    latencies,
  };
}
