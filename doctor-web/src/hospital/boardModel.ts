import type { PractitionerRoleId } from '@cloud-hospital/protocol';
import type { BoardEntry, BoardQueue, Substitute } from '@cloud-hospital/protocol/rest';
import type { Availability } from '@cloud-hospital/protocol/states';

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

const NEAREST: { readonly [State in Availability]: number } = { available: 0, 'in-call': 1, break: 2, off: 3 };
const waitingIn = (queue: BoardQueue): number => queue.entries.filter(({ state }) => state === 'waiting').length;

/** To whom somebody of this queue could go: the department's other specialists, soonest first, and its pool. */
export function colleaguesOf(
  from: BoardQueue,
  queues: readonly BoardQueue[],
): { readonly substitutes: Substitute[]; readonly pool: boolean } {
  const others = queues.filter((one) => one.departmentCode === from.departmentCode && one.queueId !== from.queueId);
  const substitutes = others.flatMap((one): Substitute[] =>
    one.practitionerRoleId === null
      ? []
      : [
          {
            practitionerRoleId: one.practitionerRoleId,
            name: one.name,
            hospitalName: one.departmentName,
            availability: one.availability,
            waiting: waitingIn(one),
          },
        ],
  );
  return {
    substitutes: substitutes.toSorted(
      (left, right) => NEAREST[left.availability] - NEAREST[right.availability] || left.waiting - right.waiting,
    ),
    pool: others.some((one) => one.practitionerRoleId === null),
  };
}
