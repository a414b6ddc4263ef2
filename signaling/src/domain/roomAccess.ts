import type { ErrorCode } from '@cloud-hospital/protocol';
import type { PeerRights } from '@cloud-hospital/protocol/sfu';
import type { EncounterStatus, QueueEntryState } from '@cloud-hospital/protocol/states';

/** What decides who may be in the room of an encounter, and with which rights. */
export interface RoomFacts {
  readonly encounterStatus: EncounterStatus;
  /** Terminal the visit is bound to, once it is. */
  readonly deviceId: string | null;
  /** The resident takes part from their own phone: no terminal does. */
  readonly byPhone: boolean;
  /** The specialist the visit is assigned to; null while it waits in a pool. */
  readonly practitionerRoleId: string | null;
  /** The resident sits before the terminal. */
  readonly ready: boolean;
  /** Of the active queue entry, if there is one. */
  readonly entryState: Extract<QueueEntryState, 'waiting' | 'called' | 'serving'> | null;
  readonly calledBy: string | null;
  /** The specialist's side talks among itself: everybody else is parked. */
  readonly held: boolean;
}

export type RoomAccess =
  | { readonly allowed: true; readonly rights: PeerRights }
  | { readonly allowed: false; readonly code: ErrorCode; readonly reason: string };

const refuse = (code: ErrorCode, reason: string): RoomAccess => ({ allowed: false, code, reason });
const hasEnded = ({ encounterStatus }: RoomFacts): boolean =>
  encounterStatus === 'finished' || encounterStatus === 'cancelled';
const isRunning = ({ encounterStatus }: RoomFacts): boolean =>
  encounterStatus === 'in-progress' || encounterStatus === 'onleave';

/** Only an answered call may produce and consume. */
const rightsOf = ({ entryState }: RoomFacts): PeerRights => (entryState === 'serving' ? 'active' : 'parked');
/** Whoever isn't of the specialist's side neither while it is on hold. */
const outsideRightsOf = (facts: RoomFacts): PeerRights => (facts.held ? 'parked' : rightsOf(facts));

/**
 * Staff of the visit's clinic: from "ready" on, so that ICE and DTLS are up before anyone rings, and only at the
 * terminal the visit is bound to.
 * @param deviceId the terminal they sit at; null for a desk browser
 */
export function clinicRoomAccess(facts: RoomFacts, deviceId: string | null): RoomAccess {
  if (hasEnded(facts)) return refuse('INVALID_TRANSITION', 'ended');
  if (facts.byPhone) return refuse('FORBIDDEN', 'by-phone');
  if (facts.deviceId !== null && facts.deviceId !== deviceId) return refuse('FORBIDDEN', 'other-terminal');
  return onceReady(facts);
}

const onceReady = (facts: RoomFacts): RoomAccess =>
  facts.ready || isRunning(facts) || facts.entryState === 'called' || facts.entryState === 'serving'
    ? { allowed: true, rights: outsideRightsOf(facts) }
    : refuse('NOT_READY', 'not-ready');

/**
 * The resident's own phone, as a terminal would be, for as long as the visit is one by phone.
 * @param takesPart the account may act in this visit
 */
export function phoneRoomAccess(facts: RoomFacts, takesPart: boolean): RoomAccess {
  if (hasEnded(facts)) return refuse('INVALID_TRANSITION', 'ended');
  return facts.byPhone && takesPart ? onceReady(facts) : refuse('NOT_FOUND', 'not-by-phone');
}

/** The specialist who called the entry, or whose consultation it already is. */
export function specialistRoomAccess(facts: RoomFacts, practitionerRoleId: string): RoomAccess {
  if (hasEnded(facts)) return refuse('INVALID_TRANSITION', 'ended');
  const isCaller =
    (facts.entryState === 'called' || facts.entryState === 'serving') && facts.calledBy === practitionerRoleId;
  const isOwn = isRunning(facts) && facts.practitionerRoleId === practitionerRoleId;
  return isCaller || isOwn ? { allowed: true, rights: rightsOf(facts) } : refuse('NOT_READY', 'not-called');
}

/** A colleague who accepted the invitation into it. */
export function colleagueRoomAccess(facts: RoomFacts, accepted: boolean): RoomAccess {
  if (hasEnded(facts)) return refuse('INVALID_TRANSITION', 'ended');
  return accepted ? { allowed: true, rights: rightsOf(facts) } : refuse('NOT_FOUND', 'not-invited');
}

/** A guest, as long as the link gives its right: through a break of the call, not beyond its end. */
export function guestRoomAccess(facts: RoomFacts, linkIsGood: boolean): RoomAccess {
  if (hasEnded(facts)) return refuse('INVALID_TRANSITION', 'ended');
  return linkIsGood ? { allowed: true, rights: outsideRightsOf(facts) } : refuse('NOT_FOUND', 'link-ended');
}
