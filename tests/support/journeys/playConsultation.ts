import { perceives, type Perception, readMoments } from '../CallProbe.ts';
import type { CallMoments } from '../mediaReport.ts';
import { words } from '../words.ts';
import type { AdministratorJourney } from './AdministratorJourney.ts';
import type { Cast } from './cast.ts';
import type { ResidentJourney, Ticket } from './ResidentJourney.ts';
import type { SpecialistJourney } from './SpecialistJourney.ts';
import type { TerminalJourney } from './TerminalJourney.ts';

export interface Players {
  readonly administrator: AdministratorJourney;
  readonly resident: ResidentJourney;
  readonly terminal: TerminalJourney;
  readonly specialist: SpecialistJourney;
}

export interface Consultation {
  readonly ticket: Ticket;
  /** Moments of both browsers, by the one clock of the machine. */
  readonly moments: { readonly terminal: CallMoments; readonly specialist: CallMoments };
  readonly atTerminal: Perception;
  readonly atSpecialist: Perception;
  readonly verificationUrl: string;
}

/** One consultation from the enrolment of the terminal to the verified report, the way people go it. */
export async function playConsultation(cast: Cast, players: Players): Promise<Consultation> {
  await openTheClinic(cast, players);
  const ticket = await bookAndCheckIn(cast, players);
  const call = await talk(ticket, cast, players);
  const verificationUrl = await close(cast, players);
  return { ticket, ...call, verificationUrl };
}

/** Administrator enrols the terminal, staff sign in and test it. */
export async function openTheClinic(cast: Cast, { administrator, terminal }: Players): Promise<void> {
  await administrator.signIn(cast.administrator.username, cast.password);
  await terminal.enrol(await administrator.makeEnrolmentCode(cast.clinicName));
  await terminal.signIn(cast.nurse.username, cast.password);
  await terminal.passSelfTest();
}

/** The resident books on the phone and comes; staff check in, take consent and vitals, and register somebody else. */
export async function bookAndCheckIn(cast: Cast, { resident, terminal }: Players): Promise<Ticket> {
  await resident.signIn(cast.resident.phone);
  const ticket = await resident.book({
    departmentCode: cast.specialist.departmentCode,
    specialistName: cast.specialist.name,
    clinicName: cast.clinicName,
    complaint: cast.resident.complaint,
  });
  await terminal.checkInByTicket(ticket.qr);
  await terminal.recordConsent();
  await terminal.recordVitals(cast.vitals);
  await terminal.registerWalkIn(cast.walkIn);
  await terminal.openPerson(ticket.ticketNumber);
  await terminal.seat();
  await resident.openWaiting(ticket);
  return ticket;
}

/** The specialist calls with one key; both see and hear each other, mute, switch the camera, write the note. */
async function talk(
  { ticketNumber }: Ticket,
  cast: Cast,
  { specialist, terminal, resident, administrator }: Players,
): Promise<Pick<Consultation, 'moments' | 'atTerminal' | 'atSpecialist'>> {
  await specialist.signIn(cast.specialist.username, cast.password);
  await specialist.beginWork();
  await specialist.readBrief(ticketNumber);
  await specialist.callNext();
  await terminal.rings();
  await Promise.all([terminal.shot('ringing'), specialist.shot('ringing')]);
  await resident.seesState('called');
  await terminal.answer();
  await Promise.all([terminal.inCall(), specialist.inCall()]);
  const [atTerminal, atSpecialist] = await Promise.all([
    perceives(terminal.page, 'resident at the terminal'),
    perceives(specialist.page, 'specialist'),
  ]);
  const [terminalMoments, specialistMoments] = await Promise.all([
    readMoments(terminal.page),
    readMoments(specialist.page),
  ]);
  await terminal.shot('call');
  await specialist.shot('call');
  await resident.seesState('serving');
  await administrator.seeBoard();
  await muteAndHide(terminal, specialist);
  await specialist.writeNote(cast.opinion);
  return { moments: { terminal: terminalMoments, specialist: specialistMoments }, atTerminal, atSpecialist };
}

async function muteAndHide(terminal: TerminalJourney, specialist: SpecialistJourney): Promise<void> {
  const { control, peer } = words.call;
  await terminal.control(control.mute).tap();
  await specialist.stage.getByText(peer['microphone-off']).waitFor();
  await specialist.shot('resident-muted');
  await terminal.control(control.unmute).tap();
  await specialist.stage.getByText(peer['microphone-off']).waitFor({ state: 'hidden' });
  await specialist.page.keyboard.press('v');
  await terminal.page.getByText(peer['camera-off']).waitFor();
  await terminal.shot('specialist-without-camera');
  await specialist.page.keyboard.press('v');
  await terminal.page.getByText(peer['camera-off']).waitFor({ state: 'hidden' });
  await Promise.all([
    perceives(terminal.page, 'resident, after the camera was off,'),
    perceives(specialist.page, 'specialist, after the microphone was off,'),
  ]);
}

/** Finish, sign, read on the phone, print at the clinic, verify. @returns where the printed code leads */
async function close(cast: Cast, { specialist, terminal, resident }: Players): Promise<string> {
  await specialist.finish();
  await terminal.callEnded();
  await resident.seesEnd();
  await specialist.sign(cast.password);
  const report = await resident.readReport();
  if (!report.includes(cast.opinion.plainSummary)) throw new Error('The resident’s report lacks the plain summary.');
  const url = await terminal.printReport();
  const outcome = await resident.verify(url);
  if (outcome !== 'valid') throw new Error(`The printed report’s code says "${outcome}" instead of "valid".`);
  return url;
}
