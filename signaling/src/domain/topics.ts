/**
 * What a browser hears is decided by who it is: at connection the server subscribes its socket to the topics of its
 * session; a client can't ask for one.
 */
export type Topic =
  | `patient:${string}`
  | `location:${string}`
  | `device:${string}`
  | `practitioner-role:${string}`
  | `organization:${string}`
  | `account:${string}`
  | `session:${string}`
  /** One tab: what concerns it and not the other tabs of the same session. */
  | `instance:${string}`
  | `guest:${string}`
  /** Phones from which a resident takes part in this visit. */
  | `phone:${string}`
  | 'district';

export const topic = {
  patient: (id: string): Topic => `patient:${id}`,
  location: (id: string): Topic => `location:${id}`,
  device: (id: string): Topic => `device:${id}`,
  practitionerRole: (id: string): Topic => `practitioner-role:${id}`,
  organization: (id: string): Topic => `organization:${id}`,
  account: (id: string): Topic => `account:${id}`,
  session: (id: string): Topic => `session:${id}`,
  instance: (id: string): Topic => `instance:${id}`,
  guest: (linkId: string): Topic => `guest:${linkId}`,
  phone: (encounterId: string): Topic => `phone:${encounterId}`,
  district: 'district' as const,
};
