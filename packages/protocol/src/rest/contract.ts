import { z } from 'zod';
import {
  AppointmentId,
  DepartmentCode,
  DeviceId,
  EncounterId,
  LocationId,
  OrganizationId,
  PatientId,
  PractitionerRoleId,
  ReportId,
  SlotId,
} from '../common/ids.ts';
import { Instant, LocalDate, LocalizedText, Phone } from '../common/values.ts';
import { CallRecord } from '../media/quality.ts';
import { administration } from './administration.contract.ts';
import { ActivationInput } from './administration.schemas.ts';
import { callPeople } from './callPeople.contract.ts';
import {
  Appointment,
  CancelInput,
  DeviceCheckInput,
  ConfirmInput,
  HoldInput,
  JoinWaitlistInput,
  PhoneCheckInInput,
  PhoneReadyInput,
  Left,
  RescheduleInput,
  WaitlistAnswerInput,
  WaitlistEntry,
} from './booking.schemas.ts';
import {
  ClinicLoad,
  ClinicRef,
  Department,
  FreeDay,
  HospitalRef,
  SearchHits,
  SlotDay,
  Specialist,
  SpecialistSearch,
} from './directory.schemas.ts';
import {
  CheckInInput,
  Consent,
  ConsentInput,
  Encounter,
  FinishInput,
  Observation,
  ObservationsInput,
  ReadyInput,
  WalkInInput,
  Worklist,
} from './encounter.schemas.ts';
import { exchange } from './exchange.contract.ts';
import { family, helperLinks } from './family.contract.ts';
import { BookablePerson, ExcuseInput, NoShow, PatientNoShows, RegisterPatientInput } from './family.schemas.ts';
import { inbox } from './inbox.contract.ts';
import { NoPromise } from '../states/index.ts';
import { procedure } from './procedure.ts';
import { recordings } from './recording.contract.ts';
import { queue } from './queue.contract.ts';
import { ExpectedTime } from './queue.schemas.ts';
import { DecisionInput, NoteInput, Report, ReportSummary, SignInput, Verification } from './report.schemas.ts';
import { calendar, scheduleChanges, schedules } from './schedule.contract.ts';
import {
  PatientRef,
  ProfileInput,
  ResidentSignIn,
  Session,
  SessionState,
  StaffSignIn,
  TotpCode,
  TotpEnrolment,
} from './session.schemas.ts';
import { DistrictStatistics } from './statistics.schemas.ts';
import {
  Challenge,
  EnrolInput,
  EnrolmentCodeIssued,
  SelfTest,
  Terminal,
  TerminalSettings,
  TerminalSignIn,
} from './terminal.schemas.ts';

const nothing = z.object({});

/** Signing in and out. Answers set HttpOnly cookies; the opaque session lives in the database and is revocable. */
const session = {
  read: procedure('public:sign-in').route({ method: 'GET', path: '/session' }).output(SessionState),
  /** The same body and time for known and unknown phones. */
  requestCode: procedure('public:sign-in')
    .route({ method: 'POST', path: '/session/resident/code' })
    .input(z.object({ phone: Phone }))
    .output(z.object({ resendAfterSeconds: z.int() })),
  signInResident: procedure('public:sign-in')
    .route({ method: 'POST', path: '/session/resident' })
    .input(ResidentSignIn)
    .output(Session),
  signInStaff: procedure('public:sign-in')
    .route({ method: 'POST', path: '/session/staff' })
    .input(StaffSignIn)
    .output(Session),
  /** Staff choose their password with the code that the administrator handed them. */
  activate: procedure('public:sign-in')
    .route({ method: 'POST', path: '/session/staff/activation' })
    .input(ActivationInput)
    .output(nothing),
  signOut: procedure('session:end').route({ method: 'DELETE', path: '/session' }).output(nothing),
  enrolTotp: procedure('second-factor:manage')
    .route({ method: 'POST', path: '/session/second-factor' })
    .input(z.object({ password: z.string().max(128) }))
    .output(TotpEnrolment),
  confirmTotp: procedure('second-factor:manage')
    .route({ method: 'POST', path: '/session/second-factor/confirmation' })
    .input(z.object({ totp: TotpCode }))
    .output(nothing),
  writeProfile: procedure('profile:write')
    .route({ method: 'PUT', path: '/session/profile' })
    .input(ProfileInput)
    .output(Session),
};

const directory = {
  departments: procedure('public:directory')
    .route({ method: 'GET', path: '/departments' })
    .output(z.object({ departments: z.array(Department) })),
  hospitals: procedure('public:directory')
    .route({ method: 'GET', path: '/hospitals' })
    .output(z.object({ hospitals: z.array(HospitalRef) })),
  clinics: procedure('public:directory')
    .route({ method: 'GET', path: '/clinics' })
    .output(z.object({ clinics: z.array(ClinicRef) })),
  specialists: procedure('slot:search')
    .route({ method: 'GET', path: '/specialists' })
    .input(SpecialistSearch)
    .output(z.object({ specialists: z.array(Specialist) })),
  slots: procedure('slot:search')
    .route({ method: 'GET', path: '/specialists/{practitionerRoleId}/slots' })
    .input(
      z.object({
        practitionerRoleId: PractitionerRoleId,
        from: LocalDate.optional(),
        to: LocalDate.optional(),
        /** The clinic whose planned load each slot shall tell. */
        locationId: LocationId.optional(),
      }),
    )
    .output(z.object({ specialist: Specialist, days: z.array(SlotDay) })),
  /** Whatever somebody types: a complaint, a department, a specialist's name or its initials, a hospital, a clinic. */
  search: procedure('slot:search')
    .route({ method: 'GET', path: '/search' })
    .input(z.object({ q: z.string().trim().min(1).max(60) }))
    .output(SearchHits),
  calendar: procedure('slot:search')
    .route({ method: 'GET', path: '/departments/{departmentCode}/calendar' })
    .input(z.object({ departmentCode: DepartmentCode, organizationId: OrganizationId.optional() }))
    .output(z.object({ days: z.array(FreeDay) })),
  /** Planned load of all clinics at a slot's time; clinics without any are left out. */
  clinicLoads: procedure('slot:search')
    .route({ method: 'GET', path: '/slots/{slotId}/clinic-loads' })
    .input(z.object({ slotId: SlotId }))
    .output(z.object({ loads: z.array(ClinicLoad.extend({ locationId: LocationId })) })),
};

const appointments = {
  /** The people this account may book for: oneself first, then family members who consented. */
  patients: procedure('patient:read')
    .route({ method: 'GET', path: '/patients' })
    .output(z.object({ patients: z.array(BookablePerson) })),
  hold: procedure('appointment:book')
    .route({ method: 'POST', path: '/appointments' })
    .input(HoldInput)
    .output(Appointment),
  confirm: procedure('appointment:book')
    .route({ method: 'POST', path: '/appointments/{appointmentId}/confirmation' })
    .input(ConfirmInput)
    .output(Appointment),
  cancel: procedure('appointment:cancel')
    .route({ method: 'POST', path: '/appointments/{appointmentId}/cancellation' })
    .input(CancelInput)
    .output(Appointment),
  /** One transaction over both: the old one is cancelled, the new one booked. Answers the new one. */
  reschedule: procedure('appointment:reschedule')
    .route({ method: 'POST', path: '/appointments/{appointmentId}/rescheduling' })
    .input(RescheduleInput)
    .output(Appointment),
  /** The resident's own phone has tested itself. */
  reportDeviceCheck: procedure('device-check:report')
    .route({ method: 'PUT', path: '/appointments/{appointmentId}/device-check' })
    .input(DeviceCheckInput)
    .output(Appointment),
  /** On the day, from the resident's own phone: consent, and a place in the queue. */
  checkInByPhone: procedure('phone-visit:check-in')
    .route({ method: 'POST', path: '/appointments/{appointmentId}/phone-check-in' })
    .input(PhoneCheckInInput)
    .output(Appointment),
  setPhoneReady: procedure('phone-visit:take-part')
    .route({ method: 'PUT', path: '/appointments/{appointmentId}/phone-ready' })
    .input(PhoneReadyInput)
    .output(Appointment),
  list: procedure('appointment:read')
    .route({ method: 'GET', path: '/appointments' })
    .output(z.object({ appointments: z.array(Appointment), now: Instant })),
  get: procedure('appointment:read')
    .route({ method: 'GET', path: '/appointments/{appointmentId}' })
    .input(z.object({ appointmentId: AppointmentId }))
    .output(Appointment),
  /** For whoever is booked today and hasn't checked in: when they will be called as the day goes now. */
  expectedTime: procedure('appointment:read')
    .route({ method: 'GET', path: '/appointments/{appointmentId}/expected-time' })
    .input(z.object({ appointmentId: AppointmentId }))
    .output(z.object({ expected: ExpectedTime.nullable(), noPromise: NoPromise.nullable(), now: Instant })),
};

/** Waiting for a released time of a specialist. An offer is confirmed by `appointments.confirm`. */
const waitlist = {
  list: procedure('appointment:read')
    .route({ method: 'GET', path: '/waitlist' })
    .output(z.object({ entries: z.array(WaitlistEntry), now: Instant })),
  join: procedure('appointment:book')
    .route({ method: 'POST', path: '/waitlist' })
    .input(JoinWaitlistInput)
    .output(WaitlistEntry),
  decline: procedure('appointment:cancel')
    .route({ method: 'POST', path: '/waitlist/{appointmentId}/declination' })
    .input(WaitlistAnswerInput)
    .output(Left),
  leave: procedure('appointment:cancel')
    .route({ method: 'POST', path: '/waitlist/{appointmentId}/departure' })
    .input(WaitlistAnswerInput)
    .output(Left),
};

/** The clinic's desk and terminal. Everything is of the signed-in staff's own clinic. */
const clinic = {
  worklist: procedure('worklist:read')
    .route({ method: 'GET', path: '/worklist' })
    .input(z.object({ date: LocalDate.optional() }))
    .output(Worklist),
  checkIn: procedure('encounter:check-in')
    .route({ method: 'POST', path: '/encounters/check-in' })
    .input(CheckInInput)
    .output(Encounter),
  registerWalkIn: procedure('encounter:register-walk-in')
    .route({ method: 'POST', path: '/encounters/walk-in' })
    .input(WalkInInput)
    .output(Encounter),
  /** Who of the district's residents has this number: name and masked facts only, for walk-ins. */
  findPatient: procedure('patient:find')
    .route({ method: 'POST', path: '/patients/search' })
    .input(z.object({ identityNumber: z.string().trim().toUpperCase().max(18) }))
    .output(z.object({ patient: PatientRef.nullable() })),
  /** The card of somebody new is on the desk: from now on they can be booked for. Known people are just found. */
  registerPatient: procedure('patient:register')
    .route({ method: 'POST', path: '/patients' })
    .input(RegisterPatientInput)
    .output(PatientRef),
  /** What a person missed at this clinic, and how many no-shows count in all. */
  noShows: procedure('patient:find')
    .route({ method: 'GET', path: '/patients/{patientId}/no-shows' })
    .input(z.object({ patientId: PatientId }))
    .output(PatientNoShows),
  excuseNoShow: procedure('no-show:excuse')
    .route({ method: 'POST', path: '/appointments/{appointmentId}/no-show-excuse' })
    .input(ExcuseInput)
    .output(NoShow),
  recordConsent: procedure('consent:record')
    .route({ method: 'POST', path: '/encounters/{encounterId}/consents' })
    .input(ConsentInput)
    .output(Consent),
  recordVitals: procedure('observation:record')
    .route({ method: 'POST', path: '/encounters/{encounterId}/observations' })
    .input(ObservationsInput)
    .output(z.object({ observations: z.array(Observation) })),
  setReady: procedure('encounter:prepare')
    .route({ method: 'PUT', path: '/encounters/{encounterId}/ready' })
    .input(ReadyInput)
    .output(Encounter),
  /** Somebody who waited went home before being called. */
  markLeft: procedure('encounter:prepare')
    .route({ method: 'POST', path: '/encounters/{encounterId}/departure' })
    .input(z.object({ encounterId: EncounterId }))
    .output(Encounter),
};

const encounters = {
  get: procedure('encounter:read')
    .route({ method: 'GET', path: '/encounters/{encounterId}' })
    .input(z.object({ encounterId: EncounterId }))
    .output(Encounter),
  /** How the call went: quality, recoveries, and who was in the room when. */
  call: procedure('encounter:read')
    .route({ method: 'GET', path: '/encounters/{encounterId}/call' })
    .input(z.object({ encounterId: EncounterId }))
    .output(CallRecord),
  finish: procedure('encounter:conclude')
    .route({ method: 'POST', path: '/encounters/{encounterId}/conclusion' })
    .input(FinishInput)
    .output(Encounter),
  saveNote: procedure('note:write')
    .route({ method: 'PUT', path: '/encounters/{encounterId}/note' })
    .input(NoteInput)
    .output(z.object({ version: z.int(), savedAt: Instant })),
};

const reports = {
  sign: procedure('report:sign')
    .route({ method: 'POST', path: '/encounters/{encounterId}/report' })
    .input(SignInput)
    .output(Report),
  list: procedure('report:read')
    .route({ method: 'GET', path: '/reports' })
    .output(z.object({ reports: z.array(ReportSummary) })),
  get: procedure('report:read')
    .route({ method: 'GET', path: '/reports/{reportId}' })
    .input(z.object({ reportId: ReportId }))
    .output(Report),
  decide: procedure('report:decide')
    .route({ method: 'POST', path: '/reports/{reportId}/clinic-decision' })
    .input(DecisionInput)
    .output(Report),
  /** Staff put the printed report into the resident's hands: the worklist item is done. */
  markPrinted: procedure('report:read')
    .route({ method: 'POST', path: '/reports/{reportId}/printed' })
    .input(z.object({ reportId: ReportId }))
    .output(nothing),
  verify: procedure('public:verify-report')
    .route({ method: 'GET', path: '/verification/{token}' })
    .input(z.object({ token: z.string().max(300) }))
    .output(Verification),
};

const terminals = {
  enrol: procedure('public:enrol-terminal')
    .route({ method: 'POST', path: '/terminals/enrolment' })
    .input(EnrolInput)
    .output(z.object({ deviceId: DeviceId, name: z.string(), locationName: LocalizedText })),
  challenge: procedure('public:enrol-terminal')
    .route({ method: 'POST', path: '/terminals/challenge' })
    .input(z.object({ deviceId: DeviceId }))
    .output(Challenge),
  signIn: procedure('public:enrol-terminal')
    .route({ method: 'POST', path: '/terminals/session' })
    .input(TerminalSignIn)
    .output(SessionState),
  reportSelfTest: procedure('terminal:self')
    .route({ method: 'PUT', path: '/terminals/self/test' })
    .input(SelfTest)
    .output(Terminal),
  self: procedure('terminal:self').route({ method: 'GET', path: '/terminals/self' }).output(Terminal),
  list: procedure('district:board')
    .route({ method: 'GET', path: '/terminals' })
    .output(z.object({ terminals: z.array(Terminal), now: Instant })),
  issueCode: procedure('terminal:administer')
    .route({ method: 'POST', path: '/terminals/{deviceId}/enrolment-code' })
    .input(z.object({ deviceId: DeviceId }))
    .output(EnrolmentCodeIssued),
  revoke: procedure('terminal:administer')
    .route({ method: 'POST', path: '/terminals/{deviceId}/revocation' })
    .input(z.object({ deviceId: DeviceId }))
    .output(Terminal),
  configure: procedure('terminal:administer')
    .route({ method: 'PUT', path: '/terminals/{deviceId}/settings' })
    .input(TerminalSettings)
    .output(Terminal),
};

const district = {
  overview: procedure('district:board')
    .route({ method: 'GET', path: '/district/overview' })
    .output(
      z.object({
        consultationsToday: z.int(),
        consultationsYesterday: z.int(),
        waitingNow: z.int(),
        medianWaitMinutesToday: z.number().nullable(),
        terminalsByStatus: z.record(z.string(), z.int()),
        hourly: z.array(z.object({ hour: z.int(), consultations: z.int(), checkIns: z.int() })),
        now: Instant,
      }),
    ),
  /** One day in numbers and curves; today when no day is named. */
  statistics: procedure('district:board')
    .route({ method: 'GET', path: '/district/statistics' })
    .input(z.object({ date: LocalDate.optional() }))
    .output(DistrictStatistics),
  auditTrail: procedure('audit:read')
    .route({ method: 'GET', path: '/audit-events' })
    .input(
      z.object({
        before: z.coerce.number().int().optional(),
        limit: z.coerce.number().int().min(1).max(200).default(50),
      }),
    )
    .output(
      z.object({
        events: z.array(
          z.object({
            sequence: z.int(),
            recordedAt: Instant,
            actor: z.string(),
            role: z.string(),
            action: z.string(),
            entityKind: z.string(),
            entityId: z.string().nullable(),
            outcome: z.enum(['success', 'denied', 'failure']),
            reason: z.string().nullable(),
            sealed: z.boolean(),
          }),
        ),
        chain: z.object({ sealed: z.int(), unsealed: z.int(), intact: z.boolean() }),
      }),
    ),
};

/** The whole REST API, under `/api`. */
export const contract = {
  session,
  directory,
  appointments,
  waitlist,
  calendar,
  schedules,
  scheduleChanges,
  clinic,
  queue,
  encounters,
  exchange,
  recordings,
  reports,
  terminals,
  district,
  administration,
  inbox,
  family,
  helperLinks,
  callPeople,
};
export type Contract = typeof contract;
