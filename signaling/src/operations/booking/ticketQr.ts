import { createHmac, hkdfSync, timingSafeEqual } from 'node:crypto';
import { AppointmentId } from '@cloud-hospital/protocol';
import type { Config } from '../../config.ts';

const PREFIX = 'CH1';
/** 128 bits: far beyond guessing, and short enough for a QR code that prints well on a slip. */
const MAC_BYTES = 16;

const macOf = (config: Config, appointmentId: string): string => {
  const key = Buffer.from(hkdfSync('sha256', config.secrets.sessionSecret, '', 'ticket-qr', 32));
  const mac = createHmac('sha256', key).update(`${PREFIX}.${appointmentId}`).digest();
  return mac.subarray(0, MAC_BYTES).toString('base64url');
};

/** Text of the ticket's QR code: `CH1.<appointmentId>.<MAC>`. Good for check-in by staff and nothing else. */
export const ticketQr = (config: Config, appointmentId: string): string =>
  `${PREFIX}.${appointmentId}.${macOf(config, appointmentId)}`;

/** The appointment a ticket names; null when this service did not issue it. Compares in constant time. */
export function readTicketQr(config: Config, text: string): AppointmentId | null {
  const [prefix, id, mac, ...rest] = text.trim().split('.');
  const appointmentId = AppointmentId.safeParse(id);
  if (prefix !== PREFIX || mac === undefined || rest.length > 0 || !appointmentId.success) return null;
  // The texts, not the bytes they decode to: the last character of base64url has bits that mean nothing.
  const given = Buffer.from(mac);
  const expected = Buffer.from(macOf(config, appointmentId.data));
  return given.length === expected.length && timingSafeEqual(given, expected) ? appointmentId.data : null;
}
