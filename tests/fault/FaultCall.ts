import { setTimeout as sleep } from 'node:timers/promises';
import type { Encounter } from '@cloud-hospital/protocol/rest';
import type { Browser, BrowserContext, Page } from 'playwright-core';
import { DEMO_ACCOUNTS, DEMO_PASSWORD } from '../../signaling/src/seed/demoAccounts.ts';
import { type FakeMedia, launchChromium } from '../support/chromium.ts';
import type { Film } from '../support/fakeMedia.ts';
import { ClinicSeat } from '../support/journeys/ClinicSeat.ts';
import { Journal } from '../support/journeys/Journal.ts';
import { SpecialistJourney } from '../support/journeys/SpecialistJourney.ts';
import { fakePeople, openPage } from '../support/journeys/Stage.ts';
import { TerminalJourney } from '../support/journeys/TerminalJourney.ts';
import {
  type ContinuityReport,
  continuitySince,
  lengthOf,
  watchContinuity,
  withPluggableCamera,
} from './Continuity.ts';
import { continuousVoice } from './continuousVoice.ts';
import { type FaultSystem, until } from './FaultSystem.ts';

const LINES = { terminal: 0, console: 1 } as const;
/** Somebody who perceives the other side has a picture and a sound no older than that, milliseconds. */
const FRESH_MS = 500;
/** For so long before a fault counts as over, milliseconds. */
const STEADY_MS = 700;
const BACK_TIMEOUT_MS = 60_000;

/**
 * As somebody allows them for good. Where they are only granted for the moment, Chromium hides the machine's addresses and
 * its sockets follow the route by themselves: another browser than people have.
 */
const ALLOWED = ['camera', 'microphone'];

interface Reports {
  readonly terminal: ContinuityReport;
  readonly console: ContinuityReport;
}

/** Figures of one trial, milliseconds. */
export type Figures = Readonly<Record<string, number>>;

/** One consultation in two real browsers, each on a line of its own, which has to outlive every fault. */
export class FaultCall {
  readonly system: FaultSystem;
  readonly specialist: SpecialistJourney;
  seat: ClinicSeat;
  #visit: Encounter;
  readonly #browsers: readonly Browser[];

  private constructor(
    system: FaultSystem,
    browsers: readonly Browser[],
    seat: ClinicSeat,
    specialist: SpecialistJourney,
    visit: Encounter,
  ) {
    this.system = system;
    this.seat = seat;
    this.specialist = specialist;
    this.#visit = visit;
    this.#browsers = browsers;
  }

  static async begin(system: FaultSystem, film: Film): Promise<FaultCall> {
    const people = await fakePeople(film);
    const { url } = system.stack;
    const launch = async (line: keyof typeof LINES, media: FakeMedia): Promise<Browser> =>
      launchChromium({
        media: await continuousVoice(media),
        program: await system.network.browser(LINES[line]),
        // Cameras need a secure origin; certificates are not what is tried here.
        args: [`--unsafely-treat-insecure-origin-as-secure=${url}`],
      });
    const [clinic, hospital] = await Promise.all([
      launch('terminal', people.resident),
      launch('console', people.specialist),
    ]);
    try {
      return await FaultCall.#open(system, clinic, hospital);
    } catch (error) {
      await Promise.all([clinic.close(), hospital.close()]);
      throw error;
    }
  }

  static async #open(system: FaultSystem, clinic: Browser, hospital: Browser): Promise<FaultCall> {
    const { url } = system.stack;
    const journal = await Journal.create({ directory: null });
    const { page, context } = await openPage(hospital, { baseURL: url, face: 'console' });
    await context.grantPermissions(ALLOWED);
    await watchContinuity(context);
    const specialist = new SpecialistJourney(page, journal);
    const [seat] = await Promise.all([
      ClinicSeat.open(clinic, { baseURL: url, journal, nurse: DEMO_ACCOUNTS.nurse.username }),
      specialist.signIn(DEMO_ACCOUNTS.specialist.username, DEMO_PASSWORD).then(() => specialist.beginWork()),
    ]);
    await seat.context.grantPermissions(ALLOWED);
    await watchContinuity(seat.context);
    await withPluggableCamera(seat.context);
    await seat.terminal.page.reload();
    const visit = await seat.ring(specialist, '孙桂芳');
    await seat.answer(specialist);
    const call = new FaultCall(system, [clinic, hospital], seat, specialist, visit);
    await call.perceived(Date.now());
    return call;
  }

  get encounterId(): string {
    return this.#visit.encounterId;
  }

  get context(): BrowserContext {
    return this.seat.context;
  }

  get terminalLine() {
    return this.system.network.line(LINES.terminal);
  }

  page(end: keyof typeof LINES): Page {
    return end === 'terminal' ? this.seat.terminal.page : this.specialist.page;
  }

  async reports(since: number): Promise<Reports> {
    const [terminal, console] = await Promise.all([
      continuitySince(this.page('terminal'), since),
      continuitySince(this.page('console'), since),
    ]);
    return { terminal, console };
  }

  /** Both see and hear each other again, over sockets that are up, steadily. @throws Error that says what is missing */
  async perceived(since: number): Promise<void> {
    const deadline = performance.now() + BACK_TIMEOUT_MS;
    let steadySince: number | null = null;
    for (;;) {
      const reports = await this.reports(since);
      const missing = Object.entries(reports).flatMap(([end, report]) =>
        lacking(report, since).map((what) => `${end}: ${what}`),
      );
      if (missing.length > 0) steadySince = null;
      else steadySince ??= performance.now();
      if (steadySince !== null && performance.now() - steadySince > STEADY_MS) return;
      if (performance.now() > deadline) {
        throw new Error(`not back within ${BACK_TIMEOUT_MS / 1_000} s: ${missing.join(', ')} ${await this.#explain()}`);
      }
      await sleep(100);
    }
  }

  /** Longest time without picture and sound, and until the last socket was back; the worse end counts. */
  async gapsSince(since: number): Promise<Figures> {
    const { terminal, console } = await this.reports(since);
    return {
      picture: Math.max(lengthOf(terminal.picture), lengthOf(console.picture)),
      sound: Math.max(lengthOf(terminal.sound), lengthOf(console.sound)),
      socket: Math.max(socketBack(terminal, since), socketBack(console, since)),
    };
  }

  /** From the moment that nothing stood in the way any more to the first picture and the socket; the worse end counts. */
  async backSince(moment: number): Promise<Figures> {
    const { terminal, console } = await this.reports(moment);
    const picture = ({ frames }: ContinuityReport): number => (frames[0] ?? Number.POSITIVE_INFINITY) - moment;
    return {
      back: Math.max(picture(terminal), picture(console)),
      socket: Math.max(socketBack(terminal, moment), socketBack(console, moment)),
    };
  }

  /** Waits until the console no longer says that the other side is gone, as it may for a moment after the fault before. */
  async saysNothingOf(words: string): Promise<void> {
    await this.page('console').getByText(words).first().waitFor({ state: 'hidden' });
  }

  /** When the console said first that the other side is gone. @returns null if it never did */
  async toldGone(since: number, words: string): Promise<number | null> {
    const { signs } = await continuitySince(this.page('console'), since);
    return signs.find(({ kind, value }) => kind === 'note' && value.includes(words))?.at ?? null;
  }

  /** The terminal's tab crashes, and whoever sits there opens the page anew. @returns when it was opened */
  async crashTab(whileGone: () => Promise<void>): Promise<number> {
    const old = this.page('terminal');
    await old.goto('chrome://crash', { timeout: 3_000 }).catch(() => undefined);
    await whileGone();
    const page = await this.context.newPage();
    const openedAt = Date.now();
    await page.goto('/terminal');
    const journal = await Journal.create({ directory: null });
    this.seat = this.seat.at(new TerminalJourney(page, journal));
    await old.close();
    return openedAt;
  }

  /** The terminal's page is loaded anew and uses nothing but relays, or anything again. */
  async relayOnly(on: boolean): Promise<void> {
    const page = this.page('terminal');
    await page.evaluate(`localStorage.${on ? `setItem('fault:relay', '')` : `removeItem('fault:relay')`}`);
    const since = Date.now();
    await page.reload();
    await this.perceived(since);
  }

  /** By the API, as the console would. */
  readVisit(): Promise<Encounter> {
    return this.seat.desk.readVisit(this.#visit);
  }

  /** Waits until the servers answer. @returns the time it took, milliseconds @throws Error with their last refusal */
  async untilReadable(timeoutMs: number): Promise<number> {
    let refusal: unknown;
    try {
      return await until('the visit can be read', timeoutMs, async () => {
        try {
          await this.readVisit();
          return true;
        } catch (error) {
          refusal = error;
          return false;
        }
      });
    } catch (error) {
      throw new Error(`${String(error)}: ${String(refusal)}`, { cause: error });
    }
  }

  /** What is not as it was before the fault: another consultation, somebody more, a ghost at a media node. */
  async wrongs(): Promise<string[]> {
    const { db } = this.system;
    const [visit, people, present] = await Promise.all([
      this.readVisit(),
      db.selectFrom('participant').select('id').where('encounter_id', '=', this.encounterId).execute(),
      db
        .selectFrom('participant')
        .select('id')
        .where('encounter_id', '=', this.encounterId)
        .where('connected', '=', true)
        .execute(),
    ]);
    return [
      ...(visit.status === 'in-progress' ? [] : [`the consultation is ${visit.status}`]),
      ...(people.length === 2 ? [] : [`${people.length} participants`]),
      ...(present.length === 2 ? [] : [`${present.length} present by the database`]),
      ...(await this.system.wrongs()),
    ];
  }

  /** @returns milliseconds until the media nodes hold two peers and no ghost */
  withoutGhosts(timeoutMs: number): Promise<number> {
    return until('two peers at the media nodes', timeoutMs, async () => {
      const peers = await this.system.peersAtNodes();
      return peers.reduce<number>((sum, count) => sum + (count ?? Number.NaN), 0) === 2;
    });
  }

  /** The consultation is concluded, and both are free for the next one. */
  async finish(): Promise<void> {
    await this.seat.finish(this.specialist, this.#visit);
  }

  /** The next one, in the same pages. */
  async again(): Promise<void> {
    const since = Date.now();
    this.#visit = await this.seat.ring(this.specialist, '孙桂芳');
    await this.seat.answer(this.specialist);
    await this.perceived(since);
  }

  /** Waits until both pages are at rest, between two consultations. */
  async idle(): Promise<void> {
    await this.page('terminal').getByTestId('work-page').waitFor();
    await this.page('console').getByTestId('call-next').waitFor();
  }

  /** Waits until the media nodes hold nobody any more. */
  async withoutPeers(): Promise<void> {
    await until('no peers at the media nodes', 20_000, async () =>
      (await this.system.peersAtNodes()).every((count) => count === 0),
    );
  }

  /** After a trial that went wrong: the consultation is concluded without the pages, and the browsers are closed. */
  async abandon(): Promise<void> {
    await this.end();
    await this.seat.desk.finish(this.#visit);
  }

  async end(): Promise<void> {
    await Promise.all(this.#browsers.map((browser) => browser.close()));
  }

  async #explain(): Promise<string> {
    const reports = await this.reports(Date.now() - BACK_TIMEOUT_MS);
    const signs = ({ signs: all }: ContinuityReport): string =>
      all.map(({ at, kind, value }) => `${new Date(at).toISOString().slice(17)} ${kind} ${value}`).join('; ');
    return `(terminal: ${signs(reports.terminal)}) (console: ${signs(reports.console)})`;
  }
}

function lacking({ at, lastFrame, lastSound, now, frames }: ContinuityReport, since: number): string[] {
  return [
    lastFrame !== null && at - lastFrame < FRESH_MS && frames.length > 2 ? null : 'no picture',
    lastSound !== null && at - lastSound < FRESH_MS && lastSound > since ? null : 'no sound',
    now.socket === 'connected' ? null : `socket ${now.socket}`,
    now.phase === 'connected' ? null : `phase ${now.phase}`,
  ].filter((what) => what !== null);
}

/** Until the socket was back for good; 0 if it was never lost. */
function socketBack({ signs }: ContinuityReport, since: number): number {
  const back = signs.findLast(({ kind, value }) => kind === 'socket' && value === 'connected');
  return back === undefined ? 0 : back.at - since;
}
