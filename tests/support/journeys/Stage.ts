import { join } from 'node:path';
import type { Browser, BrowserContext, Page } from 'playwright-core';
import { ROOT } from '../../../infra/src/services/paths.ts';
import { installCallProbe } from '../CallProbe.ts';
import { type FaceOptions, launchChromium, openFace, watchErrors } from '../chromium.ts';
import { type Film, makeFakeMedia, RESIDENT, SMALL, SPECIALIST } from '../fakeMedia.ts';
import { AdministratorJourney } from './AdministratorJourney.ts';
import type { Journal } from './Journal.ts';
import type { Players } from './playConsultation.ts';
import { ResidentJourney } from './ResidentJourney.ts';
import { SpecialistJourney } from './SpecialistJourney.ts';
import { TerminalJourney } from './TerminalJourney.ts';

/** Kept from run to run: drawing and filming the people takes seconds. */
const MEDIA_DIRECTORY = join(ROOT, 'node_modules/.cache/cloud-hospital-people');
/** How long a page may take for one step on a busy machine. Milliseconds. */
const STEP_TIMEOUT_MS = 30_000;

export async function fakePeople(film: Film = SMALL) {
  const [resident, specialist] = [
    await makeFakeMedia(RESIDENT, MEDIA_DIRECTORY, film),
    await makeFakeMedia(SPECIALIST, MEDIA_DIRECTORY, film),
  ];
  return { resident, specialist };
}

/** A page of one face, with the probe in it. */
export async function openPage(
  browser: Browser,
  options: FaceOptions,
): Promise<{ readonly context: BrowserContext; readonly page: Page; readonly errors: string[] }> {
  const { context, page } = await openFace(browser, options);
  context.setDefaultTimeout(STEP_TIMEOUT_MS);
  await installCallProbe(context);
  return { context, page, ...watchErrors(page) };
}

/** Three browsers, each a process of its own: the phone, the clinic's terminal, the hospital. */
export class Stage {
  readonly players: Players;
  readonly #browsers: readonly Browser[];
  readonly #pages: ReadonlyMap<string, { readonly page: Page; readonly errors: readonly string[] }>;

  private constructor(
    players: Players,
    browsers: readonly Browser[],
    pages: ReadonlyMap<string, { readonly page: Page; readonly errors: readonly string[] }>,
  ) {
    this.players = players;
    this.#browsers = browsers;
    this.#pages = pages;
  }

  static async open(baseURL: string, journal: Journal, film: Film): Promise<Stage> {
    const media = await fakePeople(film);
    const browsers = await Promise.all([
      launchChromium(),
      launchChromium({ media: media.resident }),
      launchChromium({ media: media.specialist }),
    ]);
    const [phone, clinic, hospital] = browsers;
    const [resident, terminal, specialist, administrator] = await Promise.all([
      openPage(phone, { baseURL, face: 'resident' }),
      openPage(clinic, { baseURL, face: 'terminal' }),
      openPage(hospital, { baseURL, face: 'console' }),
      openPage(hospital, { baseURL, face: 'console' }),
    ]);
    const players = {
      administrator: new AdministratorJourney(administrator.page, journal),
      resident: new ResidentJourney(resident.page, journal),
      terminal: new TerminalJourney(terminal.page, journal),
      specialist: new SpecialistJourney(specialist.page, journal),
    };
    return new Stage(players, browsers, new Map(Object.entries({ resident, terminal, specialist, administrator })));
  }

  /** What the pages complained about; nothing, if all is well. */
  complaints(): string[] {
    return [...this.#pages].flatMap(([face, { errors }]) => errors.map((error) => `${face}: ${error}`));
  }

  /** Pictures all pages as they are now, for whoever has to find out what went wrong. */
  async photograph(directory: string, prefix: string): Promise<void> {
    for (const [face, { page }] of this.#pages) {
      // A page that crashed has no picture; the others may tell more.
      await page.screenshot({ path: join(directory, `${prefix}-${face}.png`), timeout: 5_000 }).catch(() => undefined);
    }
  }

  async close(): Promise<void> {
    await Promise.all(this.#browsers.map((browser) => browser.close()));
  }
}
