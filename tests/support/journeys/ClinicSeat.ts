import type { Encounter } from '@cloud-hospital/protocol/rest';
import type { Browser, BrowserContext } from 'playwright-core';
import { DEMO_PASSWORD } from '../../../signaling/src/seed/demoAccounts.ts';
import { Desk } from './Desk.ts';
import type { Journal } from './Journal.ts';
import type { SpecialistJourney } from './SpecialistJourney.ts';
import { openPage } from './Stage.ts';
import { TerminalJourney } from './TerminalJourney.ts';

export interface ClinicSeatOptions {
  readonly baseURL: string;
  readonly journal: Journal;
  /** Whose clinic it is, e.g. `nurse001`. */
  readonly nurse: string;
  /** Granted beforehand; the others are asked for, see `LaunchOptions.permission`. */
  readonly permissions?: readonly ('camera' | 'microphone')[] | undefined;
}

/** The chair before a clinic's terminal: people sit down, are called, and get up again. */
export class ClinicSeat {
  readonly desk: Desk;
  readonly context: BrowserContext;
  readonly terminal: TerminalJourney;

  private constructor(desk: Desk, context: BrowserContext, terminal: TerminalJourney) {
    this.desk = desk;
    this.context = context;
    this.terminal = terminal;
  }

  /** A clinic's browser, enrolled as its terminal, with its nurse signed in. */
  static async open(browser: Browser, options: ClinicSeatOptions): Promise<ClinicSeat> {
    const { baseURL, journal, nurse, permissions } = options;
    const desk = await Desk.open(baseURL, nurse);
    const { context, page } = await openPage(browser, {
      baseURL,
      face: 'terminal',
      ...(permissions === undefined ? {} : { permissions }),
    });
    const terminal = new TerminalJourney(page, journal);
    await terminal.enrol(await desk.enrolmentCode());
    await terminal.signIn(nurse, DEMO_PASSWORD);
    await terminal.skipSelfTest();
    return new ClinicSeat(desk, context, terminal);
  }

  /** The same chair before another window of the same terminal. */
  at(terminal: TerminalJourney): ClinicSeat {
    return new ClinicSeat(this.desk, this.context, terminal);
  }

  /** Somebody sits before the terminal, the line is up, and the specialist sees them. */
  async sitDown(specialist: SpecialistJourney, name: string): Promise<Encounter> {
    const visit = await this.desk.walkIn(name);
    await this.desk.seat(visit);
    await this.terminal.openPerson(visit.ticketNumber);
    await this.terminal.prepared();
    await specialist.queueCard(visit.ticketNumber).waitFor();
    return visit;
  }

  /** They are called, and it rings. */
  async ring(specialist: SpecialistJourney, name: string): Promise<Encounter> {
    const visit = await this.sitDown(specialist, name);
    await specialist.callNext();
    await this.terminal.rings();
    return visit;
  }

  async answer(specialist: SpecialistJourney): Promise<void> {
    await this.terminal.answer();
    await this.bothInCall(specialist);
  }

  async bothInCall(specialist: SpecialistJourney): Promise<void> {
    await Promise.all([this.terminal.inCall(), specialist.inCall()]);
  }

  /** The consultation ends, and everybody is free for the next one. */
  async finish(specialist: SpecialistJourney, visit: Encounter): Promise<void> {
    await this.desk.finish(visit);
    await this.terminal.callEnded();
    await specialist.page.getByTestId('call-next').waitFor();
  }
}
