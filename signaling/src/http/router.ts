import { administrationRoutes } from './administration.routes.ts';
import { appointmentRoutes } from './appointments.routes.ts';
import { callPeopleRoutes } from './callPeople.routes.ts';
import { clinicRoutes } from './clinic.routes.ts';
import { directoryRoutes } from './directory.routes.ts';
import { districtRoutes } from './district.routes.ts';
import { encounterRoutes } from './encounters.routes.ts';
import { exchangeRoutes } from './exchange.routes.ts';
import { familyRoutes } from './family.routes.ts';
import { helperLinkRoutes } from './helperLinks.routes.ts';
import { inboxRoutes } from './inbox.routes.ts';
import { api } from './procedures.ts';
import { queueRoutes } from './queue.routes.ts';
import { recordingRoutes } from './recordings.routes.ts';
import { reportRoutes } from './reports.routes.ts';
import { calendarRoutes, scheduleChangeRoutes, scheduleRoutes } from './schedules.routes.ts';
import { sessionRoutes } from './session.routes.ts';
import { terminalRoutes } from './terminals.routes.ts';
import { waitlistRoutes } from './waitlist.routes.ts';

/** Every route of the contract with its handler; a missing one is a compile error. */
export const router = api.router({
  session: sessionRoutes,
  directory: directoryRoutes,
  appointments: appointmentRoutes,
  waitlist: waitlistRoutes,
  calendar: calendarRoutes,
  schedules: scheduleRoutes,
  scheduleChanges: scheduleChangeRoutes,
  clinic: clinicRoutes,
  queue: queueRoutes,
  encounters: encounterRoutes,
  exchange: exchangeRoutes,
  recordings: recordingRoutes,
  reports: reportRoutes,
  terminals: terminalRoutes,
  district: districtRoutes,
  administration: administrationRoutes,
  inbox: inboxRoutes,
  family: familyRoutes,
  helperLinks: helperLinkRoutes,
  callPeople: callPeopleRoutes,
});
