import { z } from 'zod';

/**
 * Who acts. A person signs in with exactly one role at a time; a terminal acts as `terminal`, whoever came into one call by
 * a link as `guest`.
 */
export const Role = z.enum([
  'resident',
  'specialist',
  'clinic-doctor',
  'nurse',
  'coordinator',
  'district-administrator',
  'auditor',
  'terminal',
  'guest',
]);
export type Role = z.infer<typeof Role>;

export const CLINIC_STAFF_ROLES = ['clinic-doctor', 'nurse'] as const satisfies readonly Role[];
