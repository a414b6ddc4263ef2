import type { GuestKind } from '@cloud-hospital/protocol/states';

/** One entry of the presence log, as media events wrote it. */
export interface PresenceEvent {
  readonly participantId: string;
  readonly kind: string;
  readonly at: Date;
}

/** Presence proof of one participant: what the signed report says about who was in the room, and when. */
export interface PresenceSummary {
  readonly role: string;
  /** Came by a link, as whom; null: staff. */
  readonly guest: GuestKind | null;
  readonly name: string;
  /** `to` null: still there when it was signed. */
  readonly intervals: readonly { readonly from: string; readonly to: string | null }[];
}

interface Participant {
  readonly id: string;
  readonly role: string;
  readonly name: string;
  readonly guest: GuestKind | null;
}

/**
 * Both ends always, so that one who was never there is seen not to have been; guests only if they came.
 * @param events oldest first
 * @param endedAt end of the visit
 */
export function summarisePresence(
  participants: readonly Participant[],
  events: readonly PresenceEvent[],
  endedAt: Date | null,
): PresenceSummary[] {
  const byParticipant = Map.groupBy(events, (event) => event.participantId);
  return participants
    .map(({ id, role, name, guest }) => ({
      role,
      guest,
      name,
      intervals: presenceIntervals(byParticipant.get(id) ?? [], endedAt),
    }))
    .filter(({ guest, intervals }) => guest === null || intervals.length > 0);
}

const GONE: ReadonlySet<string> = new Set(['disconnected', 'left', 'closed']);

/**
 * From when until when one participant was in the room.
 * @param events its own, oldest first
 * @param endedAt end of the visit: whoever was still there then was there until then
 */
export function presenceIntervals(
  events: readonly PresenceEvent[],
  endedAt: Date | null,
): { from: string; to: string | null }[] {
  const intervals: { from: string; to: string | null }[] = [];
  for (const { kind, at } of events) {
    const last = intervals.at(-1);
    const isThere = last !== undefined && last.to === null;
    if (GONE.has(kind)) {
      if (isThere) last.to = at.toISOString();
    } else if (!isThere) {
      intervals.push({ from: at.toISOString(), to: null });
    }
  }
  const last = intervals.at(-1);
  if (last !== undefined && last.to === null && endedAt !== null) last.to = endedAt.toISOString();
  return intervals;
}
