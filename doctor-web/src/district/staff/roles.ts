import type { StaffMember } from '@cloud-hospital/protocol/rest';

/** In the order in which people look for them. */
export const STAFF_ROLES = [
  'specialist',
  'coordinator',
  'clinic-doctor',
  'nurse',
  'district-administrator',
  'auditor',
] as const satisfies readonly StaffMember['role'][];
