import type { WorklistItem } from '@cloud-hospital/protocol/rest';

/** A booked person has an appointment, a walk-in a visit, most have both. */
export const rowKey = (item: WorklistItem): string => item.encounterId ?? item.appointmentId ?? item.ticketNumber;

/** When a person is expected, or else when they came. */
export const rowTime = (item: WorklistItem): string | null => item.scheduledStart ?? item.checkedInAt;

const byTime = (left: WorklistItem, right: WorklistItem): number =>
  (rowTime(left) ?? '').localeCompare(rowTime(right) ?? '') || left.ticketNumber.localeCompare(right.ticketNumber);

const plain = (text: string): string => text.trim().toLowerCase().replaceAll(/\s+/g, '');

/** In time order; with a query only those whose name or ticket holds it. */
export function rowsOf(items: readonly WorklistItem[], query: string): WorklistItem[] {
  const wanted = plain(query);
  // Instants may carry different offsets: compare them as instants.
  return items
    .filter(({ patient, ticketNumber }) => plain(patient.name).includes(wanted) || plain(ticketNumber).includes(wanted))
    .map((item) => ({ item, at: Date.parse(rowTime(item) ?? '') }))
    .sort((left, right) => left.at - right.at || byTime(left.item, right.item))
    .map(({ item }) => item);
}

/** Nothing more is to be done for them here. */
export const isOver = ({ status }: WorklistItem): boolean =>
  status === 'done' || status === 'cancelled' || status === 'noshow';
