import type { PractitionerRoleId } from '@cloud-hospital/protocol';
import type { BoardEntry, BoardQueue, UnansweredChange } from '@cloud-hospital/protocol/rest';

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

/** Somebody who waits and whose promised time has passed, or will have when it is their turn. */
export const isOverPromise = (entry: BoardEntry): boolean =>
  entry.state === 'waiting' && entry.promise !== null && entry.promise.breachedAt !== null;

/** What the coordinator is called about: each specialist who is late, each change whose time to answer is over. */
export const alertKeys = (
  queues: readonly Pick<BoardQueue, 'queueId' | 'lateSince'>[],
  changes: readonly Pick<UnansweredChange, 'appointmentId' | 'overdue'>[],
): string[] => [
  ...queues.flatMap(({ queueId, lateSince }) => (lateSince === null ? [] : [`late:${queueId}:${lateSince}`])),
  ...changes.flatMap(({ appointmentId, overdue }) => (overdue ? [`unanswered:${appointmentId}`] : [])),
];

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
