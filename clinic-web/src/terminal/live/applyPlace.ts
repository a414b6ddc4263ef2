import type { ToldPlace, Worklist } from '@cloud-hospital/protocol/rest';

/** What a newer place of one person changes in the list: nothing, only numbers, or a state that other facts go with. */
export type PlaceEffect =
  | { readonly kind: 'none' }
  | { readonly kind: 'moved'; readonly worklist: Worklist }
  | { readonly kind: 'refetch' };

/** Positions and times change often, and each look at the list is audited: they are written in without asking again. */
export function applyPlace(worklist: Worklist, place: ToldPlace): PlaceEffect {
  const item = worklist.items.find(({ queueEntryId }) => queueEntryId === place.queueEntryId);
  if (item === undefined) return { kind: 'none' };
  if (item.place === null || item.place.state !== place.state) return { kind: 'refetch' };
  if (item.place.version > place.version) return { kind: 'none' };
  const newer = { ...item.place, ...place };
  return {
    kind: 'moved',
    worklist: { ...worklist, items: worklist.items.map((one) => (one === item ? { ...one, place: newer } : one)) },
  };
}
