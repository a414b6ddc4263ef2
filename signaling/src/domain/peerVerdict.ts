import type { PeerRights } from '@cloud-hospital/protocol/sfu';
import { clinicRoomAccess, type RoomFacts, specialistRoomAccess } from './roomAccess.ts';

/** One participant as PostgreSQL has it, with all that may have changed since it joined. */
export interface PeerClaim {
  readonly facts: RoomFacts;
  readonly roomClosed: boolean;
  readonly removed: boolean;
  readonly isSpecialist: boolean;
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

/** The rights a peer should have in the media node now; `expelled`: it must not be there at all. */
export function peerVerdict(claim: PeerClaim): PeerRights | 'expelled' {
  const { facts, session } = claim;
  if (claim.roomClosed || claim.removed || claim.standingLost) return 'expelled';
  if (session !== null && (session.reason !== 'signed-out' || session.revokedForMs > HAND_OVER_MS)) return 'expelled';
  const access =
    claim.isSpecialist && claim.practitionerRoleId !== null
      ? specialistRoomAccess(facts, claim.practitionerRoleId)
      : clinicRoomAccess(facts, claim.deviceId);
  return access.allowed ? access.rights : 'expelled';
}
