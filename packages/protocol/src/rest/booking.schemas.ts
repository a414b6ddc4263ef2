import { z } from 'zod';
import { AppointmentId, EncounterId, LocationId, PatientId, QueueEntryId, ReportId, SlotId } from '../common/ids.ts';
import { Instant, Version } from '../common/values.ts';
import { AppointmentStatus, CancellationReason } from '../states/index.ts';
import { ClinicRef, SpecialistRef } from './directory.schemas.ts';
import { PatientRef } from './session.schemas.ts';

export const Complaint = z.string().trim().min(2).max(500);

export const Appointment = z.object({
  appointmentId: AppointmentId,
  version: Version,
  status: AppointmentStatus,
  start: Instant,
  end: Instant,
  specialist: SpecialistRef,
  /** Chosen at confirmation at the latest. */
  clinic: ClinicRef.nullable(),
  patient: PatientRef,
  complaint: z.string(),
  /** E.g. `A012`, unique for the specialist's day; shown on shared screens instead of the name. */
  ticketNumber: z.string().nullable(),
  /** Text of the ticket's QR code: the appointment's id with a signature; good for check-in by staff and nothing else. */
  ticketQr: z.string().nullable(),
  holdExpiresAt: Instant.nullable(),
  cancellationReason: CancellationReason.nullable(),
  bookedByProxy: z.boolean(),
  encounterId: EncounterId.nullable(),
  queueEntryId: QueueEntryId.nullable(),
  reportId: ReportId.nullable(),
  /** The database's clock when this was read, for countdowns. */
  now: Instant,
});
export type Appointment = z.infer<typeof Appointment>;

export const HoldInput = z.object({ slotId: SlotId, patientId: PatientId, locationId: LocationId.optional() });
export const ConfirmInput = z.object({
  appointmentId: AppointmentId,
  version: Version,
  locationId: LocationId,
  complaint: Complaint,
});
export const CancelInput = z.object({
  appointmentId: AppointmentId,
  version: Version,
  reason: CancellationReason.extract(['hold-released', 'patient-request', 'staff-request', 'other']),
});

/** In the details of SLOT_TAKEN: the nearest free slots, the same specialist's first. */
export const SlotAlternative = z.object({ slotId: SlotId, start: Instant, specialistName: z.string() });
export type SlotAlternative = z.infer<typeof SlotAlternative>;
