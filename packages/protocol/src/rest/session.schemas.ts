import { z } from 'zod';
import {
  DepartmentCode,
  DeviceId,
  LocationId,
  OrganizationId,
  PatientId,
  PractitionerId,
  PractitionerRoleId,
  UserId,
} from '../common/ids.ts';
import { IdentityNumber } from '../common/identityNumber.ts';
import { Role } from '../common/roles.ts';
import { Gender, Instant, LocalDate, LocalizedText, Phone } from '../common/values.ts';

/** Who is signed in on this face, as every page needs it. */
export const Session = z.object({
  userId: UserId.nullable(),
  role: Role,
  displayName: z.string(),
  patientId: PatientId.nullable(),
  practitionerId: PractitionerId.nullable(),
  practitionerRoleId: PractitionerRoleId.nullable(),
  title: LocalizedText.nullable(),
  departmentCode: DepartmentCode.nullable(),
  departmentName: LocalizedText.nullable(),
  organization: z.object({ organizationId: OrganizationId, name: LocalizedText }).nullable(),
  location: z.object({ locationId: LocationId, name: LocalizedText, phone: z.string() }).nullable(),
  device: z.object({ deviceId: DeviceId, name: z.string() }).nullable(),
  secondFactor: z.enum(['verified', 'not-enrolled', 'not-needed']),
  expiresAt: Instant,
  /** Demonstration data: shown as such on every face. */
  demo: z.boolean(),
});
export type Session = z.infer<typeof Session>;

export const SessionState = z.object({
  /** Null: nobody is signed in on this face. */
  session: Session.nullable(),
  /** The enrolled terminal behind this browser, if any, also while no staff is signed in. */
  device: z
    .object({ deviceId: DeviceId, name: z.string(), locationId: LocationId, locationName: LocalizedText })
    .nullable(),
  demo: z.boolean(),
  now: Instant,
});
export type SessionState = z.infer<typeof SessionState>;

export const LoginCode = z.string().regex(/^\d{6}$/);
export const TotpCode = z.string().regex(/^\d{6}$/);
/** One of ten, good once each, for the day the phone with the authenticator is lost. */
export const BackupCode = z
  .string()
  .trim()
  .toUpperCase()
  .regex(/^[A-HJ-NP-Z2-9]{4}-[A-HJ-NP-Z2-9]{4}$/);

export const ResidentSignIn = z.object({ phone: Phone, code: LoginCode });
export const StaffSignIn = z.object({
  username: z.string().trim().min(2).max(64),
  password: z.string().min(1).max(128),
  /** Missing although the account has a second factor: SECOND_FACTOR_REQUIRED, ask and send all three. */
  totp: z.union([TotpCode, BackupCode]).optional(),
});
export const TotpEnrolment = z.object({ secret: z.string(), otpauthUrl: z.string(), backupCodes: z.array(z.string()) });
export type TotpEnrolment = z.infer<typeof TotpEnrolment>;

/** A resident names themselves once after the first sign-in with a new phone. */
export const ProfileInput = z.object({ name: z.string().trim().min(2).max(40), identityNumber: IdentityNumber });

export const PatientRef = z.object({
  patientId: PatientId,
  name: z.string(),
  gender: Gender,
  birthDate: LocalDate,
  /** Age in full years today. */
  age: z.int(),
  /** First three and last two characters, e.g. `110*************17`. */
  identityMasked: z.string(),
  phoneMasked: z.string(),
});
export type PatientRef = z.infer<typeof PatientRef>;
