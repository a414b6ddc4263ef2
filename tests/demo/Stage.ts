import { join } from 'node:path';
import type { Browser, Page } from 'playwright-core';
import { installCallProbe } from '../support/CallProbe.ts';
import { type FaceOptions, launchChromium, openFace, watchErrors } from '../support/chromium.ts';
import { makeFakeMedia, RESIDENT, SPECIALIST } from '../support/fakeMedia.ts';
import { AdministratorJourney } from '../support/journeys/AdministratorJourney.ts';
import type { Journal } from '../support/journeys/Journal.ts';
import type { Players } from '../support/journeys/playConsultation.ts';
import { ResidentJourney } from '../support/journeys/ResidentJourney.ts';
import { SpecialistJourney } from '../support/journeys/SpecialistJourney.ts';
import { TerminalJourney } from '../support/journeys/TerminalJourney.ts';

export interface StageOptions {
  readonly url: string;
  readonly journal: Journal;
  /** Where generated pictures and voices are kept. */
  readonly mediaDirectory: string;
}

/** How long a page may take for one step on a busy machine. Milliseconds. */
const STEP_TIMEOUT_MS = 30_000;

/** Three browsers, each a process of its own: the phone, the clinic's terminal, the hospital. */
export class Stage {
  readonly players: Players;
  /** What the pages complained about; nothing, if all is well. */
  readonly complaints: () => string[];
  readonly #browsers: readonly Browser[];
  readonly #pages: ReadonlyMap<string, Page>;

  private constructor(players: Players, browsers: readonly Browser[], pages: ReadonlyMap<string, Page>) {
    this.players = players;
    this.#browsers = browsers;
    this.#pages = pages;
    const watched = [...pages].map(([face, page]) => ({ face, ...watchErrors(page) }));
    this.complaints = () => watched.flatMap(({ face, errors }) => errors.map((error) => `${face}: ${error}`));
  }

  static async open({ url, journal, mediaDirectory }: StageOptions): Promise<Stage> {
    const [clinicMedia, specialistMedia] = await Promise.all([
      makeFakeMedia(RESIDENT, mediaDirectory),
      makeFakeMedia(SPECIALIST, mediaDirectory),
    ]);
    const browsers = await Promise.all([
      launchChromium(),
      launchChromium({ media: clinicMedia }),
      launchChromium({ media: specialistMedia }),
    ]);
    const [phone, clinic, hospital] = browsers;
    const open = async (browser: Browser, face: FaceOptions['face']): Promise<Page> => {
      const { context, page } = await openFace(browser, { baseURL: url, face });
      context.setDefaultTimeout(STEP_TIMEOUT_MS);
      await installCallProbe(context);
      return page;
    };
    const [resident, terminal, specialist, administrator] = await Promise.all([
      open(phone, 'resident'),
      open(clinic, 'terminal'),
      open(hospital, 'console'),
      open(hospital, 'console'),
    ]);
    const players = {
      administrator: new AdministratorJourney(administrator, journal),
      resident: new ResidentJourney(resident, journal),
      terminal: new TerminalJourney(terminal, journal),
      specialist: new SpecialistJourney(specialist, journal),
    };
    return new Stage(players, browsers, new Map(Object.entries({ resident, terminal, specialist, administrator })));
  }

  /** Pictures all pages as they are now, for whoever has to find out what went wrong. */
  async photograph(directory: string, prefix: string): Promise<void> {
    for (const [face, page] of this.#pages) {
      // A page that crashed has no picture; the others may tell more.
      await page.screenshot({ path: join(directory, `${prefix}-${face}.png`), timeout: 5_000 }).catch(() => undefined);
    }
  }

  async close(): Promise<void> {
    await Promise.all(this.#browsers.map((browser) => browser.close()));
  }
}
