import type {
  Face,
  GuestLinkId,
  LocationId,
  OrganizationId,
  PatientId,
  PractitionerId,
  PractitionerRoleId,
  Role,
  UserId,
  DeviceId,
} from '@cloud-hospital/protocol';

/** Who acts, as the session says; never what a request claims about itself. */
export interface Actor {
  readonly sessionId: string;
  readonly face: Face;
  readonly role: Role;
  readonly name: string;
  readonly userId: UserId | null;
  readonly patientId: PatientId | null;
  readonly practitionerId: PractitionerId | null;
  readonly practitionerRoleId: PractitionerRoleId | null;
  /** Hospital of a specialist or coordinator; the district of an administrator. */
  readonly organizationId: OrganizationId | null;
  /** Clinic of staff and terminals. */
  readonly locationId: LocationId | null;
  /** The enrolled terminal behind this browser, also when staff is signed in on it. */
  readonly deviceId: DeviceId | null;
  /** The link a guest came by. */
  readonly guestLinkId: GuestLinkId | null;
  readonly secondFactorVerified: boolean;
}

/** The service itself: jobs, sweeps, the media node's events. */
export const SYSTEM = { role: 'system', name: 'system' } as const;
export type System = typeof SYSTEM;
export type Agent = Actor | System;

export const isSystem = (agent: Agent): agent is System => agent.role === 'system';

/** Whose account acts; null for terminals without staff and for the system. */
export const accountIdOf = (agent: Agent): string | null => (isSystem(agent) ? null : agent.userId);
