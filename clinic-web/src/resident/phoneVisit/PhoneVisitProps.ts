import type { Appointment, QueuePlace } from '@cloud-hospital/protocol/rest';

export interface PhoneVisitProps {
  readonly place: QueuePlace;
  readonly appointment: Appointment;
}
