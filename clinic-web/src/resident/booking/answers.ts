import type { AppointmentId, LocationId, PatientId, PractitionerRoleId, SlotId } from '@cloud-hospital/protocol';
import type { Appointment } from '@cloud-hospital/protocol/rest';

/** The questions in their order; each is a page of its own. */
export const STEPS = ['who', 'department', 'specialist', 'time', 'clinic', 'complaint', 'confirm'] as const;
export type Step = (typeof STEPS)[number];

/**
 * The answers so far live in the address: back, forward, reload and a second tab lose nothing. The complaint does
 * not, as it says something about the person's health (see complaintDraft.ts).
 */
export interface AnswerIds {
  readonly who?: PatientId;
  readonly department?: string;
  readonly specialist?: PractitionerRoleId;
  readonly slot?: SlotId;
  readonly hold?: AppointmentId;
  readonly clinic?: LocationId;
  /** No time suits: wait for one that is given back. */
  readonly waitlist?: '1';
  /** From the own phone. */
  readonly phone?: '1';
}

export const stepPath = (step: Step, params: URLSearchParams | AnswerIds): string => {
  const search =
    params instanceof URLSearchParams
      ? params
      : new URLSearchParams(
          Object.entries(params).filter((entry): entry is [string, string] => entry[1] !== undefined),
        );
  return search.size === 0 ? `/book/${step}` : `/book/${step}?${search}`;
};

/** Where a held time is confirmed, from the appointment alone. */
export function resumeBooking({ appointmentId, specialist, clinic, patient }: Appointment): string {
  return stepPath(clinic === null ? 'clinic' : 'confirm', {
    who: patient.patientId,
    department: specialist.departmentCode,
    specialist: specialist.practitionerRoleId,
    hold: appointmentId,
    ...(clinic === null ? {} : { clinic: clinic.locationId }),
  });
}

/** The same specialist again: the first open question is the time. */
export const bookAgain = ({ specialist, patient }: Pick<Appointment, 'specialist' | 'patient'>): string =>
  stepPath('time', {
    who: patient.patientId,
    department: specialist.departmentCode,
    specialist: specialist.practitionerRoleId,
  });
