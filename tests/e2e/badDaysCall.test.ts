import type { Encounter } from '@cloud-hospital/protocol/rest';
import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { DEMO_ACCOUNTS, DEMO_PASSWORD } from '../../signaling/src/seed/demoAccounts.ts';
import { perceives, readMedia } from '../support/CallProbe.ts';
import { launchChromium, type LaunchOptions } from '../support/chromium.ts';
import { ClinicSeat } from '../support/journeys/ClinicSeat.ts';
import { Journal } from '../support/journeys/Journal.ts';
import { SpecialistJourney } from '../support/journeys/SpecialistJourney.ts';
import { fakePeople, openPage } from '../support/journeys/Stage.ts';
import { TerminalJourney } from '../support/journeys/TerminalJourney.ts';
import { framesDecoded } from '../support/mediaReport.ts';
import type { Stack } from '../support/stack.ts';
import { startWebStack } from '../support/webStack.ts';
import { words } from '../support/words.ts';

const { nurse, otherClinicNurse, specialist: doctor } = DEMO_ACCOUNTS;

let stack: Stack;
let journal: Journal;
let people: Awaited<ReturnType<typeof fakePeople>>;
let hospital: Browser;
let specialist: SpecialistJourney;

beforeAll(async () => {
  [stack, journal, people] = await Promise.all([
    startWebStack({ replicas: 2 }),
    Journal.create({ directory: null }),
    fakePeople(),
  ]);
  hospital = await launchChromium({ media: people.specialist });
  const { page } = await openPage(hospital, { baseURL: stack.url, face: 'console' });
  specialist = new SpecialistJourney(page, journal);
  await specialist.signIn(doctor.username, DEMO_PASSWORD);
  await specialist.beginWork();
});
afterAll(async () => {
  await hospital?.close();
  await stack?.stop();
});

const openSeat = (browser: Browser, username: string, permissions?: ('camera' | 'microphone')[]) =>
  ClinicSeat.open(browser, { baseURL: stack.url, journal, nurse: username, permissions });

async function seesMoving(page: Page, who: string, timeoutMs = 20_000): Promise<void> {
  const until = performance.now() + timeoutMs;
  const before = framesDecoded(await readMedia(page));
  // Counters of a connection that was made anew begin at zero, too.
  for (let last = before; ; ) {
    await page.waitForTimeout(300);
    const now = framesDecoded(await readMedia(page));
    if (now > last && last > 0) return;
    last = now;
    if (performance.now() > until) throw new Error(`the ${who}'s picture stands still`);
  }
}

const bothSeeMoving = (terminal: TerminalJourney) =>
  Promise.all([seesMoving(terminal.page, 'terminal'), seesMoving(specialist.page, 'specialist')]);

const bothPerceive = (terminal: TerminalJourney) =>
  Promise.all([perceives(terminal.page, 'resident'), perceives(specialist.page, 'specialist')]);

/** What kills processes and lines is in tests/fault. */
describe('one call through a bad day', () => {
  let browser: Browser;
  let seat: ClinicSeat;
  let visit: Encounter;

  beforeAll(async () => {
    browser = await launchChromium({ media: people.resident });
    seat = await openSeat(browser, nurse.username);
    visit = await seat.ring(specialist, '孙桂芳');
    await seat.answer(specialist);
    await bothPerceive(seat.terminal);
    for (const page of [seat.terminal.page, specialist.page]) await page.evaluate('globalThis.sameDocument = true');
  });
  afterAll(async () => {
    await seat.finish(specialist, visit);
    await browser.close();
  });

  /** Whatever happened, it is the same consultation. */
  const sameCall = async (): Promise<void> => {
    await seat.bothInCall(specialist);
    expect((await seat.desk.readVisit(visit)).status).toBe('in-progress');
  };
  const notReloaded = async (): Promise<void> => {
    for (const page of [seat.terminal.page, specialist.page]) {
      expect(await page.evaluate('globalThis.sameDocument')).toBe(true);
    }
  };

  test('no signaling at all for seconds: media goes on, the page says so, and the call goes on where it was', async () => {
    await Promise.all(stack.replicas.map((replica) => replica.kill()));
    const { title, advice } = words.call.problem['signal-lost'];
    for (const stage of [seat.terminal.page.getByTestId('call'), specialist.stage]) {
      await stage.getByText(title).waitFor();
      await stage.getByText(advice).waitFor();
    }
    await bothSeeMoving(seat.terminal);
    await Promise.all(stack.replicas.map((replica) => replica.start()));
    for (const stage of [seat.terminal.page.getByTestId('call'), specialist.stage]) {
      await stage.getByText(title).waitFor({ state: 'hidden' });
    }
    await seat.bothInCall(specialist);
    await bothPerceive(seat.terminal);
    await sameCall();
    await notReloaded();
  });

  test('the terminal is reloaded: it finds its way back into the call', async () => {
    await seat.terminal.page.reload();
    await sameCall();
    await bothPerceive(seat.terminal);
  });

  test('the specialist’s page is reloaded: it finds its way back into the call', async () => {
    await specialist.page.reload();
    await sameCall();
    await bothPerceive(seat.terminal);
  });

  test('a second tab on the terminal says so, and may take the call over; the first tab is told', async () => {
    const { tab } = words.terminal;
    const first = seat.terminal;
    const page = await seat.context.newPage();
    const second = new TerminalJourney(page, journal);
    await page.goto('/terminal');
    await page.getByTestId('elsewhere').getByText(tab.title).waitFor();
    await page.getByTestId('elsewhere').getByText(tab.body).waitFor();
    await page.getByTestId('use-here').click();
    await first.page.getByTestId('elsewhere').getByText(tab.title).waitFor();
    await seat.at(second).bothInCall(specialist);
    await bothPerceive(second);
    await first.page.close();
    seat = seat.at(second);
    await sameCall();
  });
});

describe('without camera', () => {
  test.each<{
    name: string;
    launch: LaunchOptions;
    permissions: ('camera' | 'microphone')[];
    problem: Problem;
    hears: boolean;
  }>([
    {
      name: 'the camera is denied',
      launch: { permission: 'deny' },
      permissions: ['microphone'],
      problem: 'camera-denied',
      hears: true,
    },
    { name: 'there is no camera at all', launch: {}, permissions: [], problem: 'camera-missing', hears: false },
  ])('$name: the terminal says what to do, and the call goes on', async (bad) => {
    const { launch, permissions, problem, hears } = bad;
    const browser = await launchChromium(hears ? { ...launch, media: people.resident } : launch);
    try {
      const seat = await openSeat(browser, otherClinicNurse.username, permissions);
      const visit = await seat.ring(specialist, '周玉兰');
      await seat.answer(specialist);
      const { title, advice } = words.call.problem[problem];
      const call = seat.terminal.page.getByTestId('call');
      await call.getByText(title).waitFor();
      await call.getByText(advice).waitFor();
      await specialist.stage.getByText(words.call.peer['camera-none']).waitFor();
      await perceives(seat.terminal.page, 'resident');
      if (hears) await hearsSomething(specialist.page);
      await seat.finish(specialist, visit);
    } finally {
      await browser.close();
    }
  });
});

type Problem = 'camera-denied' | 'camera-missing';

async function hearsSomething(page: Page): Promise<void> {
  const packets = async () => (await readMedia(page)).receives.audio.reduce((sum, one) => sum + one.packetsReceived, 0);
  const before = await packets();
  await expect.poll(packets, { timeout: 10_000 }).toBeGreaterThan(before + 20);
}
