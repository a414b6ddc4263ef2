import { AppError } from '@cloud-hospital/protocol';
import { z } from 'zod';
import { DEMO_ACCOUNTS, DEMO_PASSWORD } from '../../signaling/src/seed/demoAccounts.ts';
import { Agenda } from './Agenda.ts';
import { Caller, Ledger } from './Caller.ts';
import { ClinicDesk, type OpenedVisit } from './ClinicDesk.ts';
import type { Stage } from './layOutDay.ts';
import { type DayPlan, type Person, SESSIONS, type SpecialistDay } from './planDay.ts';
import { type Booked, ResidentPhone } from './ResidentPhone.ts';
import type { SimulatedSystem } from './SimulatedSystem.ts';
import { SpecialistDesk } from './SpecialistDesk.ts';
import { Watcher } from './Watcher.ts';

const SECOND_MS = 1_000;
const MINUTE_MS = 60 * SECOND_MS;
const HOUR_MS = 60 * MINUTE_MS;
const DAY_MS = 24 * HOUR_MS;
/** Minutes after midnight. */
const CLINICS_OPEN = 7 * 60 + 20;
const DAY_OVER = 19 * 60;
/** However full the queue, surgery ends; for morning and afternoon. */
const LATEST_END = [13 * 60 + 15, 18 * 60 + 50] as const;
/** When staff have understood that a specialist won't come. */
const ABSENCE_KNOWN = 8 * 60 + 30;
const ABSENCE_LOOK = 10;
/** An open page reads now and then; staff sessions end after an hour without anything. */
const REFRESH_MINUTES = 45;
/** By now the latest specialist has come; minutes after midnight. */
const SPECIALISTS_HERE = SESSIONS[0].from + 26;
const WATCH_MINUTES = 5;
/** From the answer to the first packet. */
const MEDIA_STARTS_MS = SECOND_MS;
/** From the end of ringing or a dropped call until somebody at the console reacts. */
const REACTS_MS = 15 * SECOND_MS;
const COMES_BACK_MS = 150 * SECOND_MS;
const DROPS_AFTER = 0.3;
/** The last close-day job runs at 03:00. */
const NIGHT_IS_OVER = 27 * 60 + 10;

export type Fate =
  | 'planned'
  | 'booked'
  | 'no-time-left'
  | 'cancelled'
  | 'stayed-away'
  | 'turned-away'
  | 'waiting'
  | 'called'
  | 'serving'
  | 'served'
  | 'left';

/** A person and what became of them. */
export interface Visit {
  readonly person: Person;
  readonly phone: ResidentPhone;
  fate: Fate;
  booked: Booked | null;
  opened: OpenedVisit | null;
  /** Position; another one once somebody stood in. */
  specialist: number;
  /** Waits in the department's pool. */
  pooled: boolean;
  ready: boolean;
  calls: number;
  dropped: boolean;
  /** Their specialist didn't come: how they found another. */
  stranded: 'handed-over' | 'registered-anew' | null;
}

interface Consulting {
  readonly day: SpecialistDay;
  readonly desk: SpecialistDesk;
  state: 'away' | 'idle' | 'calling' | 'break' | 'gone';
  /** Which session runs or comes next: 0 or 1. */
  session: 0 | 1;
  closing: boolean;
  wakePlanned: boolean;
  readonly waiting: Set<Visit>;
}

/**
 * One day of the district, played by residents' phones, clinic desks and consoles that send real requests, in order of
 * an agenda under which the database's clock jumps. Whatever happens at one moment is sent at once.
 */
export class DistrictDay {
  readonly ledger = new Ledger();
  readonly visits: readonly Visit[];
  readonly watcher: Watcher;
  readonly #system: SimulatedSystem;
  readonly #stage: Stage;
  readonly #agenda = new Agenda();
  readonly #clinics: readonly ClinicDesk[];
  readonly #consulting: readonly Consulting[];
  readonly #byEncounter = new Map<string, Visit>();
  /** Clinics whose terminal rings or is in a call. */
  readonly #busyClinics = new Set<number>();
  /** Who waits for whoever is free first, by department. */
  readonly #pools = new Map<string, Set<Visit>>();
  readonly #onHour: (at: Date) => void;
  jobsRun = 0;

  /** @param onHour told each hour of the simulated time that has begun */
  constructor(system: SimulatedSystem, stage: Stage, plan: DayPlan, onHour: (at: Date) => void = () => undefined) {
    this.#system = system;
    this.#onHour = onHour;
    this.#stage = stage;
    this.watcher = new Watcher(system.services.db, stage.queueIds);
    const url = (index: number): string => system.urls[index % system.urls.length] ?? '';
    this.#clinics = stage.clinics.map((place, index) => new ClinicDesk(place, url(index), this.ledger));
    this.#consulting = stage.specialists.map((place, index) => {
      const day = plan.specialists[index];
      if (day === undefined) throw new RangeError('a specialist without a plan');
      return {
        day,
        desk: new SpecialistDesk(place, url(index), this.ledger),
        state: 'away',
        session: 0,
        closing: false,
        wakePlanned: false,
        waiting: new Set<Visit>(),
      };
    });
    this.visits = plan.people.map((person) => ({
      person,
      phone: new ResidentPhone(person, url(person.serial), this.ledger),
      fate: 'planned',
      booked: null,
      opened: null,
      specialist: person.specialist,
      pooled: false,
      ready: false,
      calls: 0,
      dropped: false,
      stranded: null,
    }));
  }

  async play(): Promise<void> {
    this.#planEve();
    this.#planDay();
    const over = this.#at(NIGHT_IS_OVER);
    try {
      for (;;) {
        const [jobAt, eventAt] = [await this.#system.nextJobAt(), this.#agenda.nextAt];
        const next = Math.min(
          jobAt?.getTime() ?? Number.POSITIVE_INFINITY,
          eventAt?.getTime() ?? Number.POSITIVE_INFINITY,
        );
        if (next > over.getTime()) break;
        if (Math.floor(next / HOUR_MS) > Math.floor(this.#now.getTime() / HOUR_MS)) this.#onHour(new Date(next));
        await this.#system.clock.advance(new Date(next));
        if (jobAt !== null && jobAt.getTime() <= next) this.jobsRun += await this.#system.runDueJobs();
        if (eventAt !== null && eventAt.getTime() <= next) {
          await Promise.all(this.#agenda.takeNext().map((act) => act()));
        }
      }
      await this.#system.clock.advance(over);
    } finally {
      for (const desk of this.#clinics) desk.close();
    }
  }

  /** Bookings of the two days before, and what follows from them. */
  #planEve(): void {
    const eve = this.#stage.midnight.getTime() - 2 * DAY_MS + 8 * 60 * MINUTE_MS;
    for (const visit of this.visits) {
      const { booking } = visit.person;
      if (booking !== null) this.#agenda.plan(new Date(eve + booking.atMinute * MINUTE_MS), () => this.#book(visit));
    }
  }

  #planDay(): void {
    this.#agenda.plan(this.#at(CLINICS_OPEN), () => this.#openClinics());
    for (const [index, one] of this.#consulting.entries()) {
      if (one.day.absent) continue;
      this.#agenda.plan(this.#at(SESSIONS[0].from + one.day.lateMinutes[0]), () => this.#arrive(index));
      for (const [session, { to }] of SESSIONS.entries()) {
        this.#agenda.plan(this.#at(to), () => this.#close(index, session));
        this.#agenda.plan(this.#at(LATEST_END[session] ?? to), () => this.#close(index, session));
      }
    }
    for (const visit of this.visits) {
      if (visit.person.booking === null) {
        this.#agenda.plan(this.#at(visit.person.walksInAt), () => this.#walkIn(visit));
      }
    }
    for (let minute = ABSENCE_KNOWN; minute < DAY_OVER; minute += ABSENCE_LOOK) {
      this.#agenda.plan(this.#at(minute), () => this.#standIn());
    }
    const present = this.#consulting.filter(({ day }) => !day.absent);
    this.#refreshAll(CLINICS_OPEN + 5, this.#clinics);
    this.#refreshAll(
      SPECIALISTS_HERE,
      present.map(({ desk }) => desk),
    );
    for (let minute = SESSIONS[0].from; minute < DAY_OVER; minute += WATCH_MINUTES) {
      this.#agenda.plan(this.#at(minute), () => this.watcher.notePromises(this.#now));
    }
  }

  /** Open pages read one after the other, each every `REFRESH_MINUTES`. */
  #refreshAll(from: number, desks: readonly { refresh(): Promise<void> }[]): void {
    for (const [index, desk] of desks.entries()) {
      const own = (REFRESH_MINUTES * index) / desks.length;
      for (let minute = from + own; minute < DAY_OVER; minute += REFRESH_MINUTES) {
        this.#agenda.plan(this.#at(minute), () => desk.refresh());
      }
    }
  }

  // ── Booking ──────────────────────────────────────────────────────────────────────────────────────────────────────

  async #book(visit: Visit): Promise<void> {
    const { person } = visit;
    const { booking } = person;
    const specialist = this.#stage.specialists[person.specialist];
    const clinic = this.#stage.clinics[person.clinic];
    if (booking === null || specialist === undefined || clinic === undefined) return;
    const booked = await visit.phone.book(
      specialist.practitionerRoleId,
      clinic.locationId,
      this.#stage.date,
      this.#at(booking.wishedMinute),
      SESSIONS.map(({ from, to }) => ({ from: this.#at(from), to: this.#at(to) })),
    );
    if (booked === null) {
      visit.fate = 'no-time-left';
      return;
    }
    visit.booked = booked;
    visit.fate = 'booked';
    const start = new Date(booked.start);
    if (booking.cancelsBefore !== null) {
      this.#later(new Date(start.getTime() - booking.cancelsBefore * MINUTE_MS), async () => {
        const answer = await visit.phone.cancel(booked);
        if (answer.ok) visit.fate = 'cancelled';
      });
    } else if (booking.staysAway) {
      visit.fate = 'stayed-away';
    } else {
      const comes = new Date(start.getTime() + booking.comesAfter * MINUTE_MS);
      this.#later(new Date(Math.max(comes.getTime(), this.#at(CLINICS_OPEN + 5).getTime())), () =>
        this.#checkIn(visit),
      );
    }
  }

  // ── At the clinic ────────────────────────────────────────────────────────────────────────────────────────────────

  async #openClinics(): Promise<void> {
    const administrator = new Caller(this.#system.urls[0] ?? '', 'console', this.ledger);
    await administrator.must('POST staff session', z.object({}), 'POST', '/session/staff', {
      username: DEMO_ACCOUNTS.administrator.username,
      password: DEMO_PASSWORD,
    });
    for (const desk of this.#clinics) await desk.open(administrator);
  }

  async #checkIn(visit: Visit): Promise<void> {
    const answer = await this.#deskOf(visit).checkIn(visit.booked?.ticketQr ?? '');
    // So late that the appointment was given up: whoever comes all the same is seen as a walk-in.
    if (answer.ok) this.#admitted(visit, answer.data, false);
    else await this.#walkIn(visit);
  }

  async #walkIn(visit: Visit): Promise<void> {
    // Staff send people to specialists who are there.
    const planned = this.#consulting[visit.specialist];
    if (planned !== undefined && (planned.state === 'gone' || this.#isKnownAbsent(planned))) {
      visit.specialist = this.#substituteFor(visit.specialist) ?? visit.specialist;
    }
    const specialist = this.#stage.specialists[visit.specialist];
    if (specialist === undefined) return;
    const { practitionerRoleId, departmentCode } = specialist;
    const { pooled } = visit.person;
    const answer = await this.#deskOf(visit).registerWalkIn(
      visit.person,
      pooled ? { departmentCode } : { practitionerRoleId },
    );
    if (answer.ok) this.#admitted(visit, answer.data, pooled);
    else visit.fate = 'turned-away';
  }

  #admitted(visit: Visit, opened: OpenedVisit, pooled: boolean): void {
    visit.opened = opened;
    visit.fate = 'waiting';
    visit.ready = false;
    this.#byEncounter.set(opened.encounterId, visit);
    this.#lineUp(visit, pooled);
    const { preparationMinutes, patienceMinutes } = visit.person;
    this.#inMs(preparationMinutes * MINUTE_MS, async () => {
      if (visit.opened !== opened || visit.fate !== 'waiting') return;
      await this.#deskOf(visit).prepare(opened.encounterId, visit.person);
      await this.#sit(visit);
    });
    if (patienceMinutes === null) return;
    this.#inMs(patienceMinutes * MINUTE_MS, async () => {
      if (visit.opened !== opened || visit.fate !== 'waiting') return;
      await this.#leave(visit);
    });
  }

  // ── Who waits where ──────────────────────────────────────────────────────────────────────────────────────────────

  #poolOf(index: number): Set<Visit> {
    const department = this.#stage.specialists[index]?.departmentCode ?? '';
    const pool = this.#pools.get(department) ?? new Set();
    this.#pools.set(department, pool);
    return pool;
  }

  #lineUp(visit: Visit, pooled: boolean): void {
    visit.pooled = pooled;
    if (pooled) this.#poolOf(visit.specialist).add(visit);
    else this.#consulting[visit.specialist]?.waiting.add(visit);
  }

  #unline(visit: Visit): void {
    this.#poolOf(visit.specialist).delete(visit);
    this.#consulting[visit.specialist]?.waiting.delete(visit);
  }

  /** Whom this specialist could call. */
  #lineOf(index: number): Visit[] {
    return [...(this.#consulting[index]?.waiting ?? []), ...this.#poolOf(index)];
  }

  async #sit(visit: Visit): Promise<void> {
    if (visit.opened === null || visit.fate !== 'waiting') return;
    const answer = await this.#deskOf(visit).setReady(visit.opened.encounterId);
    if (!answer.ok) return;
    visit.ready = true;
    for (const [index] of this.#consulting.entries()) if (this.#lineOf(index).includes(visit)) this.#wake(index);
  }

  async #leave(visit: Visit): Promise<boolean> {
    if (visit.opened === null) return false;
    const answer = await this.#deskOf(visit).markLeft(visit.opened.encounterId);
    if (!answer.ok) return false;
    visit.fate = 'left';
    this.#unline(visit);
    return true;
  }

  // ── Whose specialist doesn't come ────────────────────────────────────────────────────────────────────────────────

  #isKnownAbsent(one: Consulting): boolean {
    return one.day.absent && this.#now >= this.#at(ABSENCE_KNOWN);
  }

  /** Of the same department if anybody is there, else anybody; the shortest queue. */
  #substituteFor(absent: number): number | undefined {
    const department = this.#stage.specialists[absent]?.departmentCode;
    const present = [...this.#consulting.entries()].filter(
      ([index, one]) => index !== absent && !one.day.absent && one.state !== 'gone' && one.state !== 'away',
    );
    const colleagues = present.filter(([index]) => this.#stage.specialists[index]?.departmentCode === department);
    const [first] = (colleagues.length > 0 ? colleagues : present).toSorted(
      ([, a], [, b]) => a.waiting.size - b.waiting.size,
    );
    return first?.[0];
  }

  /** Staff find another specialist for everybody who waits for one who isn't there. */
  async #standIn(): Promise<void> {
    for (const [index, one] of this.#consulting.entries()) {
      if (!this.#isKnownAbsent(one)) continue;
      for (const visit of [...one.waiting]) {
        if (await this.#takeSubstitute(visit)) continue;
        // Nobody of the department is there: registered anew with somebody of another.
        const substitute = this.#substituteFor(index);
        if (substitute === undefined || !(await this.#leave(visit))) continue;
        visit.stranded = 'registered-anew';
        visit.specialist = substitute;
        await this.#walkIn(visit);
      }
    }
  }

  /** Keeps the place: what they were due by counts in the other queue, too. */
  async #takeSubstitute(visit: Visit): Promise<boolean> {
    if (visit.opened === null) return false;
    const answer = await this.#deskOf(visit).takeSubstitute(visit.opened.queueEntryId);
    if (!answer.ok) return false;
    const roleId = await this.watcher.specialistOf(visit.opened.queueEntryId);
    const index = this.#stage.specialists.findIndex((one) => one.practitionerRoleId === roleId);
    if (index < 0) throw new Error('handed over to somebody who takes no part');
    this.#unline(visit);
    visit.stranded = 'handed-over';
    visit.specialist = index;
    this.#lineUp(visit, false);
    this.#wake(index);
    return true;
  }

  // ── At the console ───────────────────────────────────────────────────────────────────────────────────────────────

  async #arrive(index: number): Promise<void> {
    const one = this.#consulting[index];
    if (one === undefined) return;
    if (one.session === 0) await one.desk.signIn();
    await one.desk.setAvailability('available');
    one.state = 'idle';
    one.closing = false;
    this.#wake(index);
  }

  /** Calls when free and somebody could be called; the server says who. */
  #wake(index: number, inMs = 2 * SECOND_MS): void {
    const one = this.#consulting[index];
    if (one === undefined || one.state !== 'idle' || one.wakePlanned) return;
    if (!this.#lineOf(index).some(({ ready, person }) => ready && !this.#busyClinics.has(person.clinic))) return;
    one.wakePlanned = true;
    this.#inMs(inMs, async () => {
      one.wakePlanned = false;
      await this.#callNext(index);
    });
  }

  async #callNext(index: number): Promise<void> {
    const one = this.#consulting[index];
    const queueId = this.#stage.specialists[index]?.queueId;
    if (one === undefined || queueId === undefined || one.state !== 'idle') return;
    one.state = 'calling';
    const ahead = await this.watcher.order(queueId);
    const answer = await one.desk.callNext();
    if (!answer.ok) {
      // Whoever waits sits before a terminal that rings for somebody else; it wakes us when it is free.
      await this.#idle(index);
      return;
    }
    const { encounterId, queueEntryId, ringingUntil } = answer.data;
    await this.watcher.noteCall(ahead, queueEntryId, this.#now);
    const visit = this.#byEncounter.get(encounterId);
    if (visit === undefined) throw new Error(`called somebody unknown: ${encounterId}`);
    const fromPool = visit.pooled;
    this.#unline(visit);
    visit.specialist = index;
    visit.fate = 'called';
    visit.calls += 1;
    this.#busyClinics.add(visit.person.clinic);
    if (visit.person.missesFirstRing && visit.calls === 1) {
      this.#later(new Date(Date.parse(ringingUntil) + 2 * SECOND_MS), async () => {
        visit.fate = 'waiting';
        visit.ready = false;
        this.#lineUp(visit, fromPool);
        this.#inMs(COMES_BACK_MS, () => this.#sit(visit));
        await this.#freed(index, visit, REACTS_MS);
      });
      return;
    }
    this.#inMs(visit.person.answersAfterSeconds * SECOND_MS, () => this.#answer(index, visit, encounterId));
  }

  async #answer(index: number, visit: Visit, encounterId: string): Promise<void> {
    try {
      await this.#deskOf(visit).answer(encounterId);
    } catch (error) {
      throw new Error(`an answer was refused: ${error instanceof AppError ? error.code : String(error)}`, {
        cause: error,
      });
    }
    visit.fate = 'serving';
    this.#inMs(MEDIA_STARTS_MS, () => this.#system.begin(encounterId));
    const { consultationMinutes, callDrops } = visit.person;
    const whole = consultationMinutes * MINUTE_MS + MEDIA_STARTS_MS;
    if (callDrops && !visit.dropped) {
      this.#inMs(whole * DROPS_AFTER, () => this.#drop(index, visit, encounterId));
      return;
    }
    this.#inMs(whole * (visit.dropped ? 1 - DROPS_AFTER : 1), async () => {
      await this.#consulting[index]?.desk.conclude(encounterId);
      visit.fate = 'served';
      await this.#freed(index, visit);
    });
  }

  async #drop(index: number, visit: Visit, encounterId: string): Promise<void> {
    await this.#deskOf(visit).hangUp(encounterId);
    visit.dropped = true;
    visit.fate = 'waiting';
    this.#lineUp(visit, false);
    await this.#freed(index, visit, REACTS_MS);
  }

  /** The specialist is free again, and so is the clinic's terminal. */
  async #freed(index: number, visit: Visit, afterMs?: number): Promise<void> {
    this.#busyClinics.delete(visit.person.clinic);
    await this.#idle(index, afterMs);
    for (const [other, { waiting }] of this.#consulting.entries()) {
      if (other !== index && [...waiting].some(({ person }) => person.clinic === visit.person.clinic))
        this.#wake(other);
    }
  }

  async #idle(index: number, afterMs?: number): Promise<void> {
    const one = this.#consulting[index];
    if (one === undefined) return;
    one.state = 'idle';
    await this.#restIfOver(index);
    this.#wake(index, afterMs ?? one.day.pauseSeconds * SECOND_MS);
  }

  async #close(index: number, session: number): Promise<void> {
    const one = this.#consulting[index];
    if (one === undefined || one.session !== session) return;
    one.closing = true;
    await this.#restIfOver(index);
  }

  /** After hours, once nobody waits any more, or at the latest end. */
  async #restIfOver(index: number): Promise<void> {
    const one = this.#consulting[index];
    if (one === undefined || !one.closing || one.state !== 'idle') return;
    const isLatest = this.#now >= this.#at(LATEST_END[one.session]);
    if (this.#lineOf(index).length > 0 && !isLatest) return;
    if (one.session === 1) {
      one.state = 'gone';
      await one.desk.setAvailability('off');
      return;
    }
    one.state = 'break';
    one.session = 1;
    await one.desk.setAvailability('break', this.#at(SESSIONS[1].from));
    this.#later(this.#at(SESSIONS[1].from + one.day.lateMinutes[1]), () => this.#arrive(index));
  }

  // ── Small things ─────────────────────────────────────────────────────────────────────────────────────────────────

  get #now(): Date {
    return this.#system.clock.now;
  }

  /** @param minutes after the day's midnight */
  #at(minutes: number): Date {
    return new Date(this.#stage.midnight.getTime() + Math.round(minutes * MINUTE_MS));
  }

  #inMs(ms: number, act: () => Promise<void>): void {
    this.#agenda.plan(new Date(this.#now.getTime() + Math.round(ms)), act);
  }

  /** At that time, or at once if it has passed. */
  #later(at: Date, act: () => Promise<void>): void {
    this.#agenda.plan(new Date(Math.max(at.getTime(), this.#now.getTime() + SECOND_MS)), act);
  }

  #deskOf({ person }: Visit): ClinicDesk {
    const desk = this.#clinics[person.clinic];
    if (desk === undefined) throw new RangeError('a person without a clinic');
    return desk;
  }
}
