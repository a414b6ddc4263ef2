/** Password of every demo account. Such accounts can't sign in outside a demo district. */
export const DEMO_PASSWORD = 'demo-cloud-hospital';

export interface DemoAccount {
  readonly role: string;
  /** Where this person works. */
  readonly page: string;
  /** Staff sign in with it and the demo password. */
  readonly username?: string;
  /** Residents sign in with it and the code from the demo inbox. */
  readonly phone?: string;
}

const number = (index: number, digits: number): string => String(index + 1).padStart(digits, '0');

/** Phones and user names by position, as the seed gives them out; positions start at 0. */
export const demoPhone = (resident: number): string => `1900000${number(resident, 4)}`;
export const demoUsername = {
  specialist: (index: number): string => `specialist${number(index, 2)}`,
  clinicDoctor: (clinic: number): string => `clinicdoctor${number(clinic, 3)}`,
  nurse: (clinic: number): string => `nurse${number(clinic, 3)}`,
  coordinator: (hospital: number): string => `coordinator${number(hospital, 1)}`,
} as const;

/** Residents with a part in the demonstration of families and missed appointments, by position. */
export const DEMO_POSITIONS = {
  /** Acts for the resident of the demonstration, and for the one below. */
  child: 210,
  /** Missed two appointments: the hint before the limit. */
  nearLimit: 211,
  /** Missed three: books at a desk. */
  deskOnly: 212,
} as const;

/**
 * Who to be in the demo district. The resident has a history with the specialist, who has slots at any hour; nurse and
 * clinic doctor work at the resident's clinic.
 */
export const DEMO_ACCOUNTS = {
  resident: { role: 'resident', page: '/', phone: demoPhone(0) },
  otherResident: { role: 'resident', page: '/', phone: demoPhone(1) },
  child: { role: 'resident', page: '/', phone: demoPhone(DEMO_POSITIONS.child) },
  nearLimit: { role: 'resident', page: '/', phone: demoPhone(DEMO_POSITIONS.nearLimit) },
  deskOnly: { role: 'resident', page: '/', phone: demoPhone(DEMO_POSITIONS.deskOnly) },
  nurse: { role: 'nurse', page: '/terminal', username: demoUsername.nurse(0) },
  clinicDoctor: { role: 'clinic-doctor', page: '/terminal', username: demoUsername.clinicDoctor(0) },
  otherClinicNurse: { role: 'nurse', page: '/terminal', username: demoUsername.nurse(1) },
  specialist: { role: 'specialist', page: '/doctor', username: demoUsername.specialist(0) },
  otherSpecialist: { role: 'specialist', page: '/doctor', username: demoUsername.specialist(1) },
  coordinator: { role: 'coordinator', page: '/hospital', username: demoUsername.coordinator(0) },
  administrator: { role: 'district-administrator', page: '/district', username: 'admin' },
  auditor: { role: 'auditor', page: '/audit', username: 'auditor' },
} as const satisfies Record<string, DemoAccount>;
