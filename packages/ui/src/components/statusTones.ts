import type { WorklistStatus } from '@cloud-hospital/protocol/rest';
import type { AppointmentStatus, Availability, DeviceStatus, QueueEntryState } from '@cloud-hospital/protocol/states';
import type { StatusTone } from './StatusWord.tsx';

/** One tone for one state on every face. */
export const APPOINTMENT_TONE: { readonly [Status in AppointmentStatus]: StatusTone } = {
  waitlist: 'neutral',
  pending: 'attention',
  booked: 'active',
  'checked-in': 'waiting',
  fulfilled: 'good',
  cancelled: 'off',
  noshow: 'off',
  'entered-in-error': 'off',
};

export const QUEUE_ENTRY_TONE: { readonly [State in QueueEntryState]: StatusTone } = {
  waiting: 'waiting',
  called: 'call',
  serving: 'call',
  done: 'good',
  left: 'off',
};

export const WORKLIST_TONE: { readonly [Status in WorklistStatus]: StatusTone } = {
  booked: 'neutral',
  late: 'attention',
  'checked-in': 'active',
  waiting: 'waiting',
  called: 'call',
  'in-progress': 'call',
  onleave: 'paused',
  'report-pending': 'waiting',
  'to-print': 'active',
  done: 'good',
  cancelled: 'off',
  noshow: 'off',
};

export const AVAILABILITY_TONE: { readonly [State in Availability]: StatusTone } = {
  off: 'off',
  available: 'good',
  'in-call': 'call',
  break: 'paused',
};

export const DEVICE_TONE: { readonly [Status in DeviceStatus]: StatusTone } = {
  unenrolled: 'neutral',
  offline: 'off',
  ready: 'good',
  failing: 'attention',
  'in-call': 'call',
  revoked: 'off',
};
