import { z } from 'zod';
import {
  DepartmentCode,
  LocationId,
  OrganizationId,
  PractitionerId,
  PractitionerRoleId,
  SlotId,
} from '../common/ids.ts';
import { Gender, Instant, LocalDate, LocalizedText } from '../common/values.ts';
import { Availability } from '../states/index.ts';

export const Department = z.object({
  code: DepartmentCode,
  name: LocalizedText,
  /** Words a resident may use for what this department treats; a curated map, not a diagnosis. */
  symptoms: z.array(LocalizedText),
});
export type Department = z.infer<typeof Department>;

export const HospitalRef = z.object({ organizationId: OrganizationId, name: LocalizedText });
export type HospitalRef = z.infer<typeof HospitalRef>;

export const ClinicRef = z.object({
  locationId: LocationId,
  name: LocalizedText,
  subDistrict: LocalizedText,
  address: z.string(),
  phone: z.string(),
});
export type ClinicRef = z.infer<typeof ClinicRef>;

export const SpecialistRef = z.object({
  practitionerRoleId: PractitionerRoleId,
  practitionerId: PractitionerId,
  name: z.string(),
  nameEn: z.string(),
  gender: Gender,
  /** Professional title, e.g. 主任医师. */
  title: LocalizedText,
  departmentCode: DepartmentCode,
  departmentName: LocalizedText,
  hospital: HospitalRef,
  /** What to call when nothing else works; empty: none known. */
  hospitalPhone: z.string(),
});
export type SpecialistRef = z.infer<typeof SpecialistRef>;

export const Specialist = SpecialistRef.extend({
  expertise: LocalizedText,
  /** Start of the next free slot inside the booking window, null when there is none. */
  nextFree: Instant.nullable(),
  /** The slot of `nextFree`: one touch keeps it. */
  nextFreeSlot: SlotId.nullable(),
  freeSlots: z.int(),
  /** What the specialist does at this moment, and how many wait: walk-ins are sent to who is there. */
  availability: Availability,
  waiting: z.int(),
  /** Also calls people from the department's pool. */
  takesPool: z.boolean(),
  /** Sees residents at their own phone, too. */
  phoneVisits: z.boolean(),
});
export type Specialist = z.infer<typeof Specialist>;

/**
 * How many are planned before a clinic's terminals: at that very time, and in that clock hour. `full`: as many as its
 * terminals usually manage in an hour; it can still be booked, but one may wait.
 */
export const ClinicLoad = z.object({ atTime: z.int(), inHour: z.int(), full: z.boolean() });
export type ClinicLoad = z.infer<typeof ClinicLoad>;

export const Slot = z.object({
  slotId: SlotId,
  start: Instant,
  end: Instant,
  free: z.boolean(),
  /** Of the clinic that was asked about. */
  clinicLoad: ClinicLoad.nullable(),
});
export type Slot = z.infer<typeof Slot>;

export const SlotDay = z.object({ date: LocalDate, slots: z.array(Slot) });
export type SlotDay = z.infer<typeof SlotDay>;

export const SpecialistSearch = z.object({
  departmentCode: DepartmentCode.optional(),
  organizationId: OrganizationId.optional(),
  /** Only this day's slots count as free. */
  date: LocalDate.optional(),
  q: z.string().trim().max(40).optional(),
});

/** What somebody typed means: departments by the words people use, and specialists, hospitals and clinics by name. */
export const SearchHits = z.object({
  departments: z.array(
    z.object({
      code: DepartmentCode,
      name: LocalizedText,
      /** What was recognised in it, e.g. `胸口闷`. */
      words: z.array(z.string()),
      /** The soonest at any hospital; null when there is none in the booking window. */
      earliest: Specialist.nullable(),
    }),
  ),
  specialists: z.array(Specialist),
  hospitals: z.array(HospitalRef),
  clinics: z.array(ClinicRef),
});
export type SearchHits = z.infer<typeof SearchHits>;

/** Free slots of a department by day, over all its specialists. */
export const FreeDay = z.object({ date: LocalDate, free: z.int() });
export type FreeDay = z.infer<typeof FreeDay>;
