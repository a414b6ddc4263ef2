import { FaultCall } from '../FaultCall.ts';
import { FaultSystem } from '../FaultSystem.ts';
import { type Growth, growthOf } from './growth.ts';
import { type Sample, Sampler } from './sample.ts';

export interface SoakResult {
  readonly consultations: number;
  readonly minutes: number;
  readonly growth: Readonly<Record<string, Growth>>;
  readonly samples: readonly Sample[];
}

/** One consultation after the other with the same two browsers, until the time is over. */
export async function soak(call: FaultCall, until: (consultations: number) => boolean): Promise<Sample[]> {
  const sampler = await Sampler.create(call);
  const samples: Sample[] = [];
  for (;;) {
    await call.finish();
    await call.withoutPeers();
    samples.push(await sampler.take());
    if (until(samples.length)) return samples;
    await call.again();
  }
}

export async function runSoak(minutes: number): Promise<SoakResult> {
  await using undo = new AsyncDisposableStack();
  const system = await FaultSystem.start();
  undo.defer(() => system.stop());
  const call = await FaultCall.begin(system);
  undo.defer(() => call.end());
  const startedAt = performance.now();
  const elapsed = (): number => (performance.now() - startedAt) / 60_000;
  const samples = await soak(call, (consultations) => {
    if (consultations % 10 === 0) console.log(`${consultations} consultations, ${elapsed().toFixed(1)} min`);
    return elapsed() > minutes;
  });
  const growth = Object.fromEntries(
    Object.keys(samples[0] ?? {}).map((what) => [what, growthOf(samples.map((sample) => sample[what] ?? Number.NaN))]),
  );
  console.table(
    Object.fromEntries(
      Object.entries(growth).map(([what, { first, last, slope, grows }]) => [
        what,
        {
          first: first.toFixed(1),
          last: last.toFixed(1),
          'per consultation': slope.toFixed(3),
          grows: grows ? 'GROWS' : 'no',
        },
      ]),
    ),
  );
  return { consultations: samples.length, minutes: elapsed(), growth, samples };
}
