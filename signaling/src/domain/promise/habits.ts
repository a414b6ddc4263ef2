import { z } from 'zod';

const Spread = z.object({ location: z.number(), scale: z.number().positive() });

/**
 * What was learned about how days go, beside the lengths of consultations: of one specialist's queue, drawn to the
 * district's. Times in minutes; log-normal ones as location and scale of the logarithm.
 */
export const Habits = z.object({
  /** Log-normal. Lengths of consultations of the department, drawn to the district's. */
  consultation: Spread,
  /** Log-normal. From the end of one consultation to the next one's begin while somebody was ready: writing, calling, ringing. */
  changeover: Spread,
  /** Share of the booked who come. */
  showUp: z.number().min(0).max(1),
  /** Normal. When the booked check in, counted from their time: negative is early. */
  arrival: Spread,
  /** Log-normal. From check-in until staff say "ready". */
  preparation: Spread,
  /** How long before their time the booked are called at the earliest (negative), however long they have been ready. */
  earliestCall: z.number(),
  walkInsPerHour: z.number().min(0),
  urgentPerHour: z.number().min(0),
});
export type Habits = z.infer<typeof Habits>;

/** Before anything was learned. */
export const USUAL_HABITS: Habits = {
  consultation: { location: Math.log(11), scale: 0.4 },
  changeover: { location: Math.log(1.3), scale: 0.5 },
  showUp: 0.92,
  arrival: { location: -12, scale: 9 },
  preparation: { location: Math.log(5), scale: 0.5 },
  earliestCall: -60,
  walkInsPerHour: 0.3,
  urgentPerHour: 0.03,
};
