import { setTimeout as sleep } from 'node:timers/promises';
import { loadavg } from 'node:os';
import { DEMO_ACCOUNTS, DEMO_PASSWORD } from '../../../signaling/src/seed/demoAccounts.ts';
import { forgetMoments } from '../../support/CallProbe.ts';
import { launchChromium } from '../../support/chromium.ts';
import { LARGE } from '../../support/fakeMedia.ts';
import { ClinicSeat } from '../../support/journeys/ClinicSeat.ts';
import { Journal } from '../../support/journeys/Journal.ts';
import { SpecialistJourney } from '../../support/journeys/SpecialistJourney.ts';
import { fakePeople, openPage } from '../../support/journeys/Stage.ts';
import type { CallMoments } from '../../support/mediaReport.ts';
import type { Row } from '../Row.ts';
import { median, ms, percentile } from '../statistics.ts';
import { bothFaces, type Faces, facesOf, untilSeen } from './faces.ts';
import { plainToFace } from './plainToFace.ts';

/** People don't answer at once: what the page does when it begins to ring must not count as answering. */
const RINGS_FOR_MS = 1_500;

interface Ringing {
  /** Where the time from press to ringing goes. */
  readonly toRequest: number;
  readonly toCommit: number;
  readonly toTerminal: number;
  readonly toPaint: number;
  readonly ringing: number;
}

function ringingOf(there: CallMoments, here: CallMoments): Ringing | null {
  const { pressed, asked, 'ring-committed': committed } = here;
  const { 'ring-heard': heard, 'ringing-shown': rang } = there;
  if (pressed === undefined || asked === undefined || committed === undefined) return null;
  if (heard === undefined || rang === undefined) return null;
  return {
    toRequest: asked - pressed,
    toCommit: committed - asked,
    toTerminal: heard - asked,
    toPaint: rang - heard,
    ringing: rang - pressed,
  };
}

/**
 * Row 1: from "call next" to a ringing terminal, and from the answer to the first presented picture at both ends, in
 * the real pages of two Chromium processes. Warm: the terminal is parked, as it is for whoever is next. Cold: its page
 * was loaded anew while it rang, and is answered at once. Beside it, in the same browsers, a plain mediasoup page.
 */
export async function callToFaceRow(url: string, full: boolean): Promise<Row> {
  const people = await fakePeople(LARGE);
  const journal = await Journal.create({ directory: null });
  const [clinic, hospital] = await Promise.all([
    launchChromium({ media: people.resident }),
    launchChromium({ media: people.specialist }),
  ]);
  const warm: (Ringing & Faces)[] = [];
  const cold: Faces[] = [];
  let plain: readonly number[] = [];
  const wanted = full ? 40 : 12;
  const wantedCold = full ? 20 : 6;
  try {
    const { page } = await openPage(hospital, { baseURL: url, face: 'console' });
    const specialist = new SpecialistJourney(page, journal);
    await specialist.signIn(DEMO_ACCOUNTS.specialist.username, DEMO_PASSWORD);
    await specialist.beginWork();
    const seat = await ClinicSeat.open(clinic, { baseURL: url, journal, nurse: DEMO_ACCOUNTS.nurse.username });
    const { terminal } = seat;
    for (let call = 0; call < wanted + wantedCold; call += 1) {
      const isCold = call >= wanted;
      const visit = await seat.sitDown(specialist, '测试居民');
      await Promise.all([forgetMoments(terminal.page), forgetMoments(page)]);
      await specialist.callNext();
      await terminal.rings();
      if (isCold) {
        await terminal.page.reload();
        await terminal.rings();
      } else await sleep(RINGS_FOR_MS);
      await terminal.answer();
      const faces = await untilSeen(terminal.page, page, facesOf);
      const ringing = isCold ? null : await untilSeen(terminal.page, page, ringingOf);
      if (isCold && faces !== null) cold.push(faces);
      // The first call also loads the code of the call's screen: people have one of those a day.
      if (ringing !== null && faces !== null && call > 0) warm.push({ ...ringing, ...faces });
      await seat.finish(specialist, visit);
    }
    await Promise.all([clinic, hospital].flatMap((browser) => browser.contexts()).map((context) => context.close()));
    plain = bothFaces(await plainToFace(clinic, hospital, wantedCold));
  } finally {
    await Promise.all([clinic.close(), hospital.close()]);
  }
  const ringing = warm.map((call) => call.ringing);
  const [warmFaces, coldFaces] = [bothFaces(warm), bothFaces(cold)];
  const say = (sample: readonly number[]): string => `median ${ms(median(sample))}, p95 ${ms(percentile(sample, 95))}`;
  return {
    number: 1,
    metric: `call to face in the real pages, ${warm.length} warm and ${cold.length} cold calls`,
    goal: 'ringing p95 ≤ 100 ms; first frame p95 ≤ RTT + 250 ms, cold ≤ 4 RTT + 400 ms; warm ≤ 0.5 × plain page',
    result: `press to ringing ${say(ringing)}; answer to first frame ${say(warmFaces)}; cold ${say(coldFaces)}`,
    yardstick: `a plain mediasoup page, cold: ${say(plain)}; warm ÷ plain ${(median(warmFaces) / median(plain)).toFixed(2)}`,
    figures: {
      calls: warm.length,
      missed: wanted - 1 - warm.length,
      toRequestP50: median(warm.map(({ toRequest }) => toRequest)),
      toCommitP50: median(warm.map(({ toCommit }) => toCommit)),
      toTerminalP50: median(warm.map(({ toTerminal }) => toTerminal)),
      toPaintP50: median(warm.map(({ toPaint }) => toPaint)),
      ringingP50: median(ringing),
      ringingP95: percentile(ringing, 95),
      faceP50: median(warmFaces),
      faceP95: percentile(warmFaces, 95),
      faceAtTerminalP50: median(warm.map(({ faceAtTerminal }) => faceAtTerminal)),
      faceAtSpecialistP50: median(warm.map(({ faceAtSpecialist }) => faceAtSpecialist)),
      coldCalls: cold.length,
      coldMissed: wantedCold - cold.length,
      coldFaceP50: median(coldFaces),
      coldFaceP95: percentile(coldFaces, 95),
      plainFaceP50: median(plain),
      plainFaceP95: percentile(plain, 95),
      load: loadavg()[0] ?? null,
    },
  };
}
