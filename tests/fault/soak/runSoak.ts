import { sql } from 'kysely';
import { LARGE } from '../../support/fakeMedia.ts';
import { FaultCall } from '../FaultCall.ts';
import { FaultSystem } from '../FaultSystem.ts';
import { type Growth, growthOf } from './growth.ts';
import { type Sample, Sampler } from './sample.ts';

export interface Verdict extends Growth {
  /** Of the same pages loaded anew: what they show as well is the day's list, and no leak. */
  readonly fresh: number;
  /** `too short`: too few consultations to judge by. */
  readonly verdict: 'steady' | 'grows' | 'too short';
}

export interface SoakResult {
  readonly consultations: number;
  readonly minutes: number;
  /** Why it ended before its time; null if it didn't. What was seen until then is judged all the same. */
  readonly brokenOff: string | null;
  readonly growth: Readonly<Record<string, Verdict>>;
  readonly samples: readonly Sample[];
}

/** Consultations: pools and caches fill, and heaps grow until their owners find it worthwhile to collect. */
const JUDGES_AFTER = 30;
const JUDGES_MEMORY_AFTER = 60;
/** A page that has lived for hours may hold that much more than a new one. */
const OLD_PAGE_SHARE = 1.1;

/** One consultation after the other with the same two browsers; each ends with what was there after it. */
export async function* consultations(call: FaultCall): AsyncGenerator<Sample> {
  const sampler = await Sampler.create(call);
  for (;;) {
    await call.finish();
    await call.withoutPeers();
    yield await sampler.take();
    await call.again();
  }
}

export async function runSoak(minutes: number): Promise<SoakResult> {
  await using undo = new AsyncDisposableStack();
  const system = await FaultSystem.start();
  undo.defer(() => system.stop());
  const call = await FaultCall.begin(system, LARGE);
  undo.defer(() => call.end());
  // A session takes so many walk-ins, and hours of them take more: without a plan there is no limit.
  await system.db.updateTable('schedule').set({ effective_to: sql`effective_from` }).execute();
  const startedAt = performance.now();
  const elapsed = (): number => (performance.now() - startedAt) / 60_000;
  const samples: Sample[] = [];
  let brokenOff: string | null = null;
  try {
    for await (const sample of consultations(call)) {
      samples.push(sample);
      if (samples.length % 10 === 0) console.log(`${samples.length} consultations, ${elapsed().toFixed(1)} min`);
      if (elapsed() > minutes) break;
    }
  } catch (error) {
    brokenOff = String(error);
    console.error(`broken off after ${samples.length} consultations:`, error);
  }
  const fresh = brokenOff === null ? await freshSample(call) : {};
  const growth = Object.fromEntries(
    Object.keys(samples[0] ?? {}).map((what) => [
      what,
      judge(
        what,
        samples.map((sample) => sample[what] ?? Number.NaN),
        fresh,
      ),
    ]),
  );
  console.table(
    Object.fromEntries(
      Object.entries(growth).map(([what, { first, last, slope, fresh: anew, verdict }]) => [
        what,
        {
          first: first.toFixed(1),
          last: last.toFixed(1),
          anew: anew.toFixed(1),
          'per consultation': slope.toFixed(3),
          verdict,
        },
      ]),
    ),
  );
  return { consultations: samples.length, minutes: elapsed(), brokenOff, growth, samples };
}

function judge(what: string, series: readonly number[], freshSample: Sample): Verdict {
  const growth = growthOf(series);
  const fresh = freshSample[what] ?? Number.NaN;
  const enough = what.endsWith('MB') ? JUDGES_MEMORY_AFTER : JUDGES_AFTER;
  if (series.length < enough) return { ...growth, fresh, verdict: 'too short' };
  // Only pages are loaded anew; a process that grew shows as much.
  const isPage = /^(terminal|console)/.test(what);
  const leaks = growth.grows && !(isPage && growth.last <= fresh * OLD_PAGE_SHARE);
  return { ...growth, fresh, verdict: leaks ? 'grows' : 'steady' };
}

/** The same counters once the pages are loaded anew. */
async function freshSample(call: FaultCall): Promise<Sample> {
  for (const end of ['terminal', 'console'] as const) await call.page(end).reload();
  await call.idle();
  return (await Sampler.create(call)).take();
}
