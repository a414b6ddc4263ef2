import type { QueuePlace, Worklist } from '@cloud-hospital/protocol/rest';
import { describe, expect, it } from 'vitest';
import { applyPlace } from './applyPlace.ts';

const place = (version: number, position: number, state = 'waiting') =>
  ({ queueEntryId: 'entry', version, position, state }) as unknown as QueuePlace;
const list = (known: QueuePlace | null) =>
  ({
    items: [
      { queueEntryId: 'entry', place: known },
      { queueEntryId: 'other', place: null },
    ],
  }) as unknown as Worklist;

describe('applyPlace', () => {
  it('writes a newer position into the list without asking for it again', () => {
    const effect = applyPlace(list(place(1, 3)), place(2, 2));
    expect(effect).toMatchObject({ kind: 'moved', worklist: { items: [{ place: { position: 2 } }, { place: null }] } });
  });

  it('keeps the time the page knows when only the place is told', () => {
    const known = { ...place(1, 3), expected: null, noPromise: 'break' as const };
    expect(applyPlace(list(known), place(2, 2))).toMatchObject({
      worklist: { items: [{ place: { position: 2, noPromise: 'break' } }, { place: null }] },
    });
  });

  it('drops what is older than the list, and people who are not on it', () => {
    expect(applyPlace(list(place(5, 1)), place(4, 2))).toEqual({ kind: 'none' });
    expect(applyPlace({ ...list(null), items: [] }, place(1, 1))).toEqual({ kind: 'none' });
  });

  it('asks again when the state changed, since the rest of the line changes with it', () => {
    expect(applyPlace(list(place(1, 1)), place(2, 1, 'called'))).toEqual({ kind: 'refetch' });
    expect(applyPlace(list(null), place(1, 1))).toEqual({ kind: 'refetch' });
  });
});
