/** How a visit came about: booked ahead, walked in, or walked in for whoever of the department is free. Its letter leads the ticket number. */
export type TicketKind = 'appointment' | 'walk-in' | 'pool';
const LETTER = { appointment: 'A', 'walk-in': 'B', pool: 'C' } as const;

/**
 * The number shown on shared screens instead of a name, e.g. `A012`.
 * @param ordinal 1 for the first ticket of the specialist's day
 */
export const ticketNumber = (kind: TicketKind, ordinal: number): string =>
  `${LETTER[kind]}${String(ordinal).padStart(3, '0')}`;
