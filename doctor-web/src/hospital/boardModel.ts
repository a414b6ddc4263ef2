import type { PractitionerRoleId } from '@cloud-hospital/protocol';
import type { BoardEntry, BoardQueue } from '@cloud-hospital/protocol/rest';

/** Somebody about to be handed over; `target` where a card was dropped, null: the pool. */
export interface Moving {
  readonly entry: BoardEntry;
  readonly from: BoardQueue;
  readonly target?: PractitionerRoleId | null;
}

export interface Department {
  readonly code: string;
  readonly name: BoardQueue['departmentName'];
  /** The pool first, then specialists. */
  readonly queues: readonly BoardQueue[];
}

const hasNews = (queue: BoardQueue): boolean =>
  queue.entries.length > 0 ||
  queue.lateSince !== null ||
  (queue.practitionerRoleId !== null && queue.availability !== 'off');

/** The board's rows. @param all also departments where nobody waits and nobody is there */
export function departmentsOf(queues: readonly BoardQueue[], all: boolean): Department[] {
  const byCode = Map.groupBy(queues, (queue) => queue.departmentCode);
  return [...byCode.values()].flatMap((list): Department[] => {
    const [first] = list;
    if (first === undefined || !(all || list.some(hasNews))) return [];
    return [{ code: first.departmentCode, name: first.departmentName, queues: list }];
  });
}
