import { z } from 'zod';
import { DepartmentCode, LocationId, OrganizationId } from '../common/ids.ts';
import { Instant, LocalDate, LocalizedText } from '../common/values.ts';

/** Numbers of one day, of the district or a part of it; nothing about a person. */
export const DayNumbers = z.object({
  consultations: z.int(),
  /**
   * From check-in, or from the appointed time for whoever came early, to the start of the consultation. Minutes;
   * null: nobody was seen.
   */
  medianWaitMinutes: z.number().nullable(),
  /** Nine of ten waited no longer. */
  p90WaitMinutes: z.number().nullable(),
  /** Appointments that were not cancelled, and those of them to which nobody came. */
  appointments: z.int(),
  noShows: z.int(),
  /** Calls that were long enough to be judged, and those of them that were good (`GOOD_MOS`). */
  callsMeasured: z.int(),
  callsGood: z.int(),
});
export type DayNumbers = z.infer<typeof DayNumbers>;

/** Upper bounds of the classes in which waits are counted, minutes; the last class has none. */
export const WAIT_CLASSES = [5, 10, 15, 20, 30, 45, 60] as const;
/** How far apart the queue is looked at, minutes. */
export const QUEUE_STEP_MINUTES = 15;

export const DistrictStatistics = z.object({
  date: LocalDate,
  day: DayNumbers,
  /** The day before, for comparison. */
  before: DayNumbers,
  /** Percent of the first promised times that held, that day and the day before; null while none is settled. */
  promisesKept: z.object({ day: z.number().nullable(), before: z.number().nullable() }),
  hours: z.array(z.object({ hour: z.int().min(0).max(23), checkIns: z.int(), consultations: z.int() })),
  /** How many waited at that minute of the day; only until now. */
  queue: z.array(z.object({ minute: z.int(), waiting: z.int() })),
  /** How many waited so long, by `WAIT_CLASSES`; one class more than bounds. */
  waits: z.array(z.int()),
  /** All clinics, also those that nobody visited. */
  clinics: z.array(DayNumbers.extend({ locationId: LocationId, name: LocalizedText })),
  hospitals: z.array(DayNumbers.extend({ organizationId: OrganizationId, name: LocalizedText })),
  departments: z.array(DayNumbers.extend({ code: DepartmentCode, name: LocalizedText })),
  now: Instant,
});
export type DistrictStatistics = z.infer<typeof DistrictStatistics>;
