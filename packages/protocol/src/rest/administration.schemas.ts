import { z } from 'zod';
import { DepartmentCode, LocationId, OrganizationId, PractitionerRoleId } from '../common/ids.ts';
import { Role } from '../common/roles.ts';
import { Gender, Instant, LocalizedText, Version } from '../common/values.ts';
import { Department } from './directory.schemas.ts';

const Name = z.object({ zh: z.string().trim().min(2).max(60), en: z.string().trim().max(80) });
const PhoneText = z.string().trim().max(30);
/** Null: it is new. */
const KnownVersion = Version.nullable();

export const OrganizationKind = z.enum(['district', 'sub-district', 'hospital']);
export type OrganizationKind = z.infer<typeof OrganizationKind>;

export const OrganizationEntry = z.object({
  organizationId: OrganizationId,
  version: Version,
  kind: OrganizationKind,
  name: LocalizedText,
  phone: z.string(),
});
export type OrganizationEntry = z.infer<typeof OrganizationEntry>;

export const ClinicEntry = z.object({
  locationId: LocationId,
  version: Version,
  /** The sub-district it belongs to. */
  organizationId: OrganizationId,
  name: LocalizedText,
  address: z.string(),
  phone: z.string(),
  active: z.boolean(),
  terminals: z.int(),
});
export type ClinicEntry = z.infer<typeof ClinicEntry>;

export const DirectoryView = z.object({
  organizations: z.array(OrganizationEntry),
  clinics: z.array(ClinicEntry),
  departments: z.array(Department),
});
export type DirectoryView = z.infer<typeof DirectoryView>;

/** The id is the client's: a repeated request makes one entry. A kind never changes; a district is there from the start. */
export const OrganizationInput = z.object({
  organizationId: OrganizationId,
  version: KnownVersion,
  kind: OrganizationKind,
  name: Name,
  phone: PhoneText,
});
/** A new clinic comes with one terminal, to be enrolled. */
export const ClinicInput = z.object({
  locationId: LocationId,
  version: KnownVersion,
  organizationId: OrganizationId,
  name: Name,
  address: z.string().trim().max(120),
  phone: PhoneText,
  active: z.boolean(),
});

export const StaffRole = Role.exclude(['resident', 'terminal', 'guest']);
export type StaffRole = z.infer<typeof StaffRole>;

export const StaffMember = z.object({
  practitionerRoleId: PractitionerRoleId,
  version: Version,
  username: z.string(),
  name: z.string(),
  role: StaffRole,
  title: LocalizedText,
  /** Hospital, district or clinic. */
  place: LocalizedText,
  departmentName: LocalizedText.nullable(),
  active: z.boolean(),
  /** Has chosen a password. */
  activated: z.boolean(),
  secondFactor: z.boolean(),
  /** Nobody changes their own account here. */
  isSelf: z.boolean(),
});
export type StaffMember = z.infer<typeof StaffMember>;

export const Username = z
  .string()
  .trim()
  .toLowerCase()
  .regex(/^[a-z0-9][a-z0-9._-]{2,31}$/);

/** Where one works follows from the role: clinic staff at a clinic, specialists and coordinators at a hospital. */
export const StaffInput = z.object({
  practitionerRoleId: PractitionerRoleId,
  username: Username,
  name: z.string().trim().min(2).max(40),
  nameEn: z.string().trim().max(60),
  gender: Gender,
  role: StaffRole,
  organizationId: OrganizationId.nullable(),
  locationId: LocationId.nullable(),
  departmentCode: DepartmentCode.nullable(),
  title: z.object({ zh: z.string().trim().max(40), en: z.string().trim().max(60) }),
});
export type StaffInput = z.infer<typeof StaffInput>;

export const StaffActiveInput = z.object({
  practitionerRoleId: PractitionerRoleId,
  version: Version,
  active: z.boolean(),
});

/** Shown once; the person enters it where they choose their password. */
export const ActivationCodeIssued = z.object({
  practitionerRoleId: PractitionerRoleId,
  username: z.string(),
  code: z.string(),
  expiresAt: Instant,
});
export type ActivationCodeIssued = z.infer<typeof ActivationCodeIssued>;

/** NIST SP 800-63B: length, and nothing that follows from the user name; no rules about kinds of characters. */
export const NEW_PASSWORD_LENGTH = { min: 10, max: 128 } as const;
export const ActivationInput = z.object({
  username: z.string().trim().min(2).max(64),
  code: z
    .string()
    .trim()
    .toUpperCase()
    .regex(/^[A-HJ-NP-Z2-9]{4}-[A-HJ-NP-Z2-9]{4}$/),
  password: z.string().min(NEW_PASSWORD_LENGTH.min).max(NEW_PASSWORD_LENGTH.max),
});
