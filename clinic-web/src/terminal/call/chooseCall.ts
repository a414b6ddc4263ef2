import type { EncounterId } from '@cloud-hospital/protocol';
import type { WorklistItem } from '@cloud-hospital/protocol/rest';

interface Situation {
  /** Rings at this moment. */
  readonly ringing: EncounterId | null;
  /** Was answered here, and is on or not yet put away. */
  readonly kept: EncounterId | null;
  readonly items: readonly WorklistItem[];
}

/** So many at the head of a queue may be called at any moment. */
const NEAR = 2;

/** Whoever is on their own phone is called there. */
const isHere = ({ readiness }: WorklistItem): boolean => !readiness.byPhone;
const isOn = ({ status }: WorklistItem): boolean =>
  status === 'called' || status === 'in-progress' || status === 'onleave';
const isNear = ({ status, readiness, place }: WorklistItem): boolean =>
  (status === 'waiting' || status === 'checked-in') && readiness.ready && (place?.position ?? NEAR + 1) <= NEAR;

/**
 * Whose call this terminal holds. First whatever rings or is on, also after a reload, when only the list knows of it;
 * else whoever sits ready and is among the first two, so that the line is up before it rings.
 */
export function chooseCall({ ringing, kept, items }: Situation): EncounterId | null {
  if (ringing !== null) return ringing;
  if (kept !== null) return kept;
  const here = items.filter(isHere);
  const on = here.find(isOn);
  if (on !== undefined) return on.encounterId;
  const [next] = here
    .filter(isNear)
    .toSorted(
      (left, right) =>
        (left.place?.position ?? 0) - (right.place?.position ?? 0) ||
        (left.checkedInAt ?? '').localeCompare(right.checkedInAt ?? ''),
    );
  return next?.encounterId ?? null;
}
