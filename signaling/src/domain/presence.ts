/** One entry of the presence log, as media events wrote it. */
export interface PresenceEvent {
  readonly participantId: string;
  readonly kind: string;
  readonly at: Date;
}

/** Presence proof of one participant: what the signed report says about who was in the room. */
export interface PresenceSummary {
  readonly role: string;
  readonly name: string;
  readonly firstSeenAt: string | null;
  readonly lastSeenAt: string | null;
  readonly events: { readonly kind: string; readonly at: string }[];
}

/** @param events oldest first */
export function summarisePresence(
  participants: readonly { readonly id: string; readonly role: string; readonly name: string }[],
  events: readonly PresenceEvent[],
): PresenceSummary[] {
  const byParticipant = Map.groupBy(events, (event) => event.participantId);
  return participants.map(({ id, role, name }) => {
    const own = (byParticipant.get(id) ?? []).map(({ kind, at }) => ({ kind, at: at.toISOString() }));
    return { role, name, firstSeenAt: own[0]?.at ?? null, lastSeenAt: own.at(-1)?.at ?? null, events: own };
  });
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
