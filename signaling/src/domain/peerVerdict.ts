import type { PeerRights } from '@cloud-hospital/protocol/sfu';
import {
  clinicRoomAccess,
  colleagueRoomAccess,
  guestRoomAccess,
  phoneRoomAccess,
  type RoomAccess,
  type RoomFacts,
  specialistRoomAccess,
} from './roomAccess.ts';

/** One participant as PostgreSQL has it, with all that may have changed since it joined. */
export interface PeerClaim {
  readonly facts: RoomFacts;
  readonly roomClosed: boolean;
  readonly removed: boolean;
  readonly isSpecialist: boolean;
  /** Came by a link; null: didn't. */
  readonly guest: { readonly linkIsGood: boolean } | null;
  /** Takes part from the resident's own phone; null: doesn't. */
  readonly phone: { readonly takesPart: boolean } | null;
  /** Accepted an invitation into this call. */
  readonly invited: boolean;
  readonly deviceId: string | null;
  readonly practitionerRoleId: string | null;
  /** Since when the session that brought it in is revoked, and why. */
  readonly session: { readonly revokedForMs: number; readonly reason: string | null } | null;
  /** The role was withdrawn or the terminal revoked. */
  readonly standingLost: boolean;
}

/**
 * Staff who sign out hand the terminal over: the next one attaches to the same peer within moments. Milliseconds; with
 * the sweep's interval this stays below the 5 s in which a revoked peer must be gone.
 */
export const HAND_OVER_MS = 2_000;

/** What the rules say of who this is. */
export function accessOf(
  claim: Pick<PeerClaim, 'facts' | 'guest' | 'phone' | 'isSpecialist' | 'practitionerRoleId' | 'invited' | 'deviceId'>,
): RoomAccess {
  const { facts, guest, phone, isSpecialist, practitionerRoleId, invited, deviceId } = claim;
  if (guest !== null) return guestRoomAccess(facts, guest.linkIsGood);
  if (phone !== null) return phoneRoomAccess(facts, phone.takesPart);
  if (!isSpecialist || practitionerRoleId === null) return clinicRoomAccess(facts, deviceId);
  return invited ? colleagueRoomAccess(facts, invited) : specialistRoomAccess(facts, practitionerRoleId);
}

/** The rights a peer should have in the media node now; `expelled`: it must not be there at all. */
export function peerVerdict(claim: PeerClaim): PeerRights | 'expelled' {
  const { session } = claim;
  if (claim.roomClosed || claim.removed || claim.standingLost) return 'expelled';
  if (session !== null && (session.reason !== 'signed-out' || session.revokedForMs > HAND_OVER_MS)) return 'expelled';
  const access = accessOf(claim);
  return access.allowed ? access.rights : 'expelled';
}
