import type { Face } from '@cloud-hospital/protocol';
import type { Session } from '@cloud-hospital/protocol/rest';
import type { Actor } from '../domain/Actor.ts';
import type { DeviceIdentity } from '../domain/DeviceIdentity.ts';
import type { Unit } from '../store/command.ts';

export interface ResolvedSession {
  /** Null: nobody is signed in on this face. A terminal without staff acts as role `terminal`. */
  readonly actor: Actor | null;
  readonly device: DeviceIdentity | null;
}

export interface NewAccountSession {
  readonly face: Face;
  readonly accountId: string;
  readonly practitionerRoleId: string | null;
  readonly secondFactor: boolean;
  /** Ties a staff session to the terminal it was opened on. */
  readonly deviceId: string | null;
}

/** Whose sessions end. */
export type EndedSessions =
  | { readonly sessionId: string }
  | { readonly sessionIds: readonly string[] }
  | { readonly accountId: string }
  | { readonly deviceId: string }
  | { readonly practitionerRoleId: string };

export type EndReason = 'signed-out' | 'revoked' | 'expired' | 'role-removed' | 'terminal-revoked';

/**
 * Server-side sessions: the cookie holds a random token, the database its SHA-256. Each face has its own cookie;
 * a terminal has one more for the device. Revocation writes the row and, through the outbox topic of the session,
 * makes every replica cut the sockets (and so the SFU peers) of that session.
 */
export interface Sessions {
  /** @param cookieHeader the request's Cookie header */
  resolve(cookieHeader: string | undefined, face: Face): Promise<ResolvedSession>;
  /** Inside a transaction; the returned value is a whole Set-Cookie header. */
  createForAccount(unit: Unit, input: NewAccountSession): Promise<{ sessionId: string; setCookie: string }>;
  createForDevice(unit: Unit, deviceId: string): Promise<{ sessionId: string; setCookie: string }>;
  /** For the one room of the link. */
  createForGuest(unit: Unit, guestLinkId: string): Promise<{ sessionId: string; setCookie: string }>;
  /** What the client sees of a session. @throws AppError NOT_FOUND when it ended meanwhile */
  describe(sessionId: string): Promise<Session>;
  /** @returns a Set-Cookie header that removes the face's cookie */
  clearCookie(face: Face): string;
  /** Ends matching sessions inside the transaction and emits `session:ended`. @returns how many ended */
  end(unit: Unit, which: EndedSessions, reason: EndReason): Promise<number>;
}
