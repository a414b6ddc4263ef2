import { setTimeout as sleep } from 'node:timers/promises';
import type { Page } from 'playwright-core';
import { z } from 'zod';
import { readMedia } from '../../support/CallProbe.ts';
import type { MediaReport } from '../../support/mediaReport.ts';
import { continuitySince, lengthOf } from '../Continuity.ts';
import type { DelayRelay } from '../network/DelayRelay.ts';
import type { Line } from '../network/Line.ts';
import type { Scenario } from './scenarios.ts';

/** What is measured: two pages that show each other, the first one behind the line that is made worse. */
export interface Subject {
  readonly terminal: Page;
  readonly console: Page;
}

/** One direction during one step. */
export interface Received {
  /** Concealed ÷ all samples played, 0–1. */
  readonly concealed: number;
  /** Longest time without sound, milliseconds. */
  readonly soundGap: number;
  readonly fps: number;
  /** Share of the seconds with at least 7 frames, or in which the page says that there are stills, or sound alone. 0–1. */
  readonly watchable: number;
  readonly freezes: number;
  readonly height: number;
  /** Of picture, without repairs. */
  readonly kbit: number;
}

export interface StepResult {
  readonly step: string;
  /** What the other end receives from the terminal, and the terminal from it. */
  readonly up: Received;
  readonly down: Received;
  /** Seconds from the step's begin until the terminal's picture was as it had been in the first step; null: not yet. */
  readonly recovered: number | null;
  /** Of one core, what the terminal's browser used. Share, over 1 with several cores. */
  readonly cpu: number;
}

/** Calls begin low and rise; they are measured once they have found their rate. Milliseconds. */
const SETTLE_MS = 8_000;
/** Frames in a second below which a picture isn't motion any more. */
const WATCHABLE_FPS = 7;
/** As good as before: so much of the first step's frames and lines. */
const AS_GOOD = 0.8;

/** @param notes what a page says of pictures that don't move */
export async function measureScenario(
  { steps, roundTripMs, jitterMs = roundTripMs / 10 }: Scenario,
  subject: Subject,
  network: { readonly relays: readonly DelayRelay[]; readonly lines: readonly [Line, Line] },
  notes: readonly string[],
): Promise<StepResult[]> {
  for (const relay of network.relays) relay.delay = { delayMs: roundTripMs / 2, jitterMs };
  await sleep(SETTLE_MS);
  const results: StepResult[] = [];
  let best: Received | undefined;
  try {
    for (const { name, seconds, impairment, both } of steps) {
      await network.lines[0].impair(impairment);
      await network.lines[1].impair(both === true ? impairment : {});
      const since = Date.now();
      const usedBefore = await cpuSeconds(subject.terminal);
      const [upBefore, downBefore] = await Promise.all([readMedia(subject.console), readMedia(subject.terminal)]);
      const recovered =
        best === undefined ? (await sleep(seconds * 1_000), null) : await watchRecovery(subject.console, best, seconds);
      const [up, down] = await Promise.all([
        received(subject.console, upBefore, since, notes),
        received(subject.terminal, downBefore, since, notes),
      ]);
      best ??= up;
      const cpu = ((await cpuSeconds(subject.terminal)) - usedBefore) / ((Date.now() - since) / 1_000);
      results.push({ step: name, up, down, recovered, cpu });
    }
  } finally {
    await Promise.all(network.lines.map((line) => line.impair({})));
  }
  return results;
}

/** Waits for the step's end. @returns when it was as good as `best` and stayed so, seconds; null: never */
async function watchRecovery(page: Page, best: Received, seconds: number): Promise<number | null> {
  const startedAt = Date.now();
  let since: number | null = null;
  while (Date.now() - startedAt < seconds * 1_000) {
    await sleep(500);
    const media = await readMedia(page);
    const { frames } = await continuitySince(page, Date.now() - 2_000);
    const good = frames.length / 2 >= best.fps * AS_GOOD && heightOf(media) >= best.height * AS_GOOD;
    since = good ? (since ?? (Date.now() - startedAt) / 1_000) : null;
  }
  return since;
}

/** By how much a counter grew, over all streams; one that was received anew began at zero. */
function grown<Stream extends { readonly ssrc: number }>(
  before: readonly Stream[],
  after: readonly Stream[],
  counter: (stream: Stream) => number,
): number {
  return after.reduce((sum, stream) => {
    const earlier = before.find(({ ssrc }) => ssrc === stream.ssrc);
    return sum + counter(stream) - (earlier === undefined ? 0 : counter(earlier));
  }, 0);
}

async function received(page: Page, before: MediaReport, since: number, notes: readonly string[]): Promise<Received> {
  const [after, report, all] = await Promise.all([
    readMedia(page),
    continuitySince(page, since),
    continuitySince(page, 0),
  ]);
  const heard = (key: 'concealedSamples' | 'seconds'): number =>
    grown(before.receives.audio, after.receives.audio, (audio) => audio[key]);
  const samples = heard('seconds') * 48_000;
  const seconds = Math.max(1, Math.floor((report.at - since) / 1_000));
  const perSecond = Array.from({ length: seconds }, (_, second) => {
    const from = since + second * 1_000;
    return report.frames.filter((at) => at >= from && at < from + 1_000).length;
  });
  // What was said before the step began still stands.
  const saidAt = all.signs.filter(({ kind }) => kind === 'note');
  const isSaid = (at: number): boolean => {
    const said = saidAt.findLast((sign) => sign.at <= at)?.value ?? '';
    return notes.some((note) => said.includes(note));
  };
  return {
    concealed: samples > 0 ? heard('concealedSamples') / samples : 1,
    soundGap: lengthOf(report.sound),
    fps: report.frames.length / ((report.at - since) / 1_000),
    watchable:
      perSecond.filter((frames, second) => frames >= WATCHABLE_FPS || isSaid(since + second * 1_000)).length / seconds,
    freezes: grown(before.receives.video, after.receives.video, (video) => video.freezes),
    height: heightOf(after),
    kbit:
      (grown(before.receives.video, after.receives.video, (video) => video.bytesReceived) * 8) / (report.at - since),
  };
}

const heightOf = (media: MediaReport): number => Math.max(0, ...media.receives.video.map(({ height }) => height));

const Processes = z.object({ processInfo: z.array(z.object({ cpuTime: z.number() })) });

/** That all processes of the page's browser have used, seconds. */
async function cpuSeconds(page: Page): Promise<number> {
  const session = await page.context().browser()?.newBrowserCDPSession();
  const { processInfo } = Processes.parse(await session?.send('SystemInfo.getProcessInfo'));
  await session?.detach();
  return processInfo.reduce((sum, { cpuTime }) => sum + cpuTime, 0);
}
