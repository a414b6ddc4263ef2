import { setTimeout as sleep } from 'node:timers/promises';
import { loadavg } from 'node:os';
import { DEMO_ACCOUNTS, DEMO_PASSWORD } from '../../../signaling/src/seed/demoAccounts.ts';
import { forgetMoments, readMoments } from '../../support/CallProbe.ts';
import { launchChromium } from '../../support/chromium.ts';
import { LARGE } from '../../support/fakeMedia.ts';
import { ClinicSeat } from '../../support/journeys/ClinicSeat.ts';
import { Journal } from '../../support/journeys/Journal.ts';
import { SpecialistJourney } from '../../support/journeys/SpecialistJourney.ts';
import { fakePeople, openPage } from '../../support/journeys/Stage.ts';
import type { CallMoments } from '../../support/mediaReport.ts';
import type { Row } from '../Row.ts';
import { ms, percentile } from '../statistics.ts';

/** People don't answer at once: what the page does when it begins to ring must not count as answering. */
const RINGS_FOR_MS = 1_500;
const FIRST_FRAME_TIMEOUT_MS = 20_000;

interface Call {
  /** Where the time from press to ringing goes. */
  readonly toRequest: number;
  readonly toCommit: number;
  readonly toTerminal: number;
  readonly toPaint: number;
  readonly ringing: number;
  readonly faceAtTerminal: number;
  readonly faceAtSpecialist: number;
}

/** Waits for the moments of one call at both ends. @returns null when one never came */
async function untilFaces(
  terminal: SpecialistJourney['page'],
  console: SpecialistJourney['page'],
): Promise<Call | null> {
  for (const until = performance.now() + FIRST_FRAME_TIMEOUT_MS; performance.now() < until; await sleep(100)) {
    const [there, here]: CallMoments[] = await Promise.all([readMoments(terminal), readMoments(console)]);
    const { pressed, asked, 'ring-committed': committed, 'first-frame': faceHere } = here ?? {};
    const { answered, 'ring-heard': heard, 'ringing-shown': rang, 'first-frame': face } = there ?? {};
    if (pressed === undefined || asked === undefined || committed === undefined) continue;
    if (heard === undefined || rang === undefined || answered === undefined) continue;
    if (face === undefined || faceHere === undefined) continue;
    return {
      toRequest: asked - pressed,
      toCommit: committed - asked,
      toTerminal: heard - asked,
      toPaint: rang - heard,
      ringing: rang - pressed,
      faceAtTerminal: face - answered,
      faceAtSpecialist: faceHere - answered,
    };
  }
  return null;
}

/**
 * Row 1: from "call next" to a ringing terminal, and from the answer to the first presented picture at both ends, in
 * the real pages of two Chromium processes. The terminal is parked and warm, as it is for whoever is next.
 */
export async function callToFaceRow(url: string, full: boolean): Promise<Row> {
  const people = await fakePeople(LARGE);
  const journal = await Journal.create({ directory: null });
  const [clinic, hospital] = await Promise.all([
    launchChromium({ media: people.resident }),
    launchChromium({ media: people.specialist }),
  ]);
  const calls: Call[] = [];
  const wanted = full ? 40 : 12;
  try {
    const { page } = await openPage(hospital, { baseURL: url, face: 'console' });
    const specialist = new SpecialistJourney(page, journal);
    await specialist.signIn(DEMO_ACCOUNTS.specialist.username, DEMO_PASSWORD);
    await specialist.beginWork();
    const seat = await ClinicSeat.open(clinic, { baseURL: url, journal, nurse: DEMO_ACCOUNTS.nurse.username });
    for (let call = 0; call < wanted; call += 1) {
      const visit = await seat.sitDown(specialist, '测试居民');
      await Promise.all([forgetMoments(seat.terminal.page), forgetMoments(page)]);
      await specialist.callNext();
      await seat.terminal.rings();
      await sleep(RINGS_FOR_MS);
      await seat.terminal.answer();
      const measured = await untilFaces(seat.terminal.page, page);
      // The first call also loads the code of the call's screen: people have one of those a day.
      if (measured !== null && call > 0) calls.push(measured);
      await seat.finish(specialist, visit);
    }
  } finally {
    await Promise.all([clinic.close(), hospital.close()]);
  }
  const ringing = calls.map((call) => call.ringing);
  const faces = calls.flatMap(({ faceAtTerminal, faceAtSpecialist }) => [faceAtTerminal, faceAtSpecialist]);
  const say = (sample: readonly number[]): string =>
    `median ${ms(percentile(sample, 50))}, p95 ${ms(percentile(sample, 95))}`;
  return {
    number: 1,
    metric: `call to face in the real pages, ${calls.length} warm calls`,
    goal: 'ringing p95 ≤ 100 ms; first frame p95 ≤ RTT + 250 ms',
    result: `press to ringing ${say(ringing)}; answer to first frame ${say(faces)}`,
    yardstick: 'a plain page with four sequential requests: not scripted yet',
    figures: {
      calls: calls.length,
      missed: wanted - 1 - calls.length,
      toRequestP50: percentile(
        calls.map(({ toRequest }) => toRequest),
        50,
      ),
      toCommitP50: percentile(
        calls.map(({ toCommit }) => toCommit),
        50,
      ),
      toTerminalP50: percentile(
        calls.map(({ toTerminal }) => toTerminal),
        50,
      ),
      toPaintP50: percentile(
        calls.map(({ toPaint }) => toPaint),
        50,
      ),
      ringingP50: percentile(ringing, 50),
      ringingP95: percentile(ringing, 95),
      faceP50: percentile(faces, 50),
      faceP95: percentile(faces, 95),
      faceAtTerminalP50: percentile(
        calls.map(({ faceAtTerminal }) => faceAtTerminal),
        50,
      ),
      faceAtSpecialistP50: percentile(
        calls.map(({ faceAtSpecialist }) => faceAtSpecialist),
        50,
      ),
      load: loadavg()[0] ?? null,
    },
  };
}
