import fc from 'fast-check';

/** What people and machines do, and how often of a hundred or so. */
const WEIGHTS = {
  hold: 5,
  confirm: 6,
  cancel: 2,
  reschedule: 4,
  'expire-hold': 2,
  'no-show': 2,
  'check-in': 6,
  'walk-in': 4,
  'walk-in-pool': 5,
  ready: 8,
  'call-next': 7,
  'call-entry': 2,
  recall: 3,
  'cancel-call': 2,
  skip: 2,
  'ring-timeout': 4,
  'stale-timeout': 1,
  'never-there': 1,
  answer: 3,
  begin: 6,
  park: 3,
  interrupt: 1,
  finish: 5,
  break: 2,
  leave: 1,
  'close-day': 1,
  'join-pool': 4,
  'leave-pool': 2,
  'hand-over': 4,
  'hand-to-pool': 3,
  'late-alert': 2,
  'late-tell': 2,
  'take-substitute': 2,
  'keep-promises': 3,
  'join-list': 3,
  'leave-list': 1,
  'offer-slot': 5,
  'decline-offer': 2,
  'take-leave': 2,
  'change-day': 1,
  'withdraw-leave': 2,
  'answer-change': 3,
  'lapse-change': 1,
} as const;
export type CommandKind = keyof typeof WEIGHTS;

const isKind = (text: string): text is CommandKind => text in WEIGHTS;
export const COMMAND_KINDS: readonly CommandKind[] = Object.keys(WEIGHTS).filter(isKind);

/** A command names things by number; which one that is depends on what exists when it runs. */
export interface Command {
  readonly kind: CommandKind;
  readonly a: number;
  readonly b: number;
  readonly c: number;
}

const pick = fc.noBias(fc.nat(999));
const command: fc.Arbitrary<Command> = fc.record({
  kind: fc.oneof(...COMMAND_KINDS.map((kind) => ({ weight: WEIGHTS[kind], arbitrary: fc.constant(kind) }))),
  a: pick,
  b: pick,
  c: pick,
});

/** A day of steps; the commands of one step are sent at the same moment. */
export const day: fc.Arbitrary<Command[][]> = fc.array(
  fc.oneof(
    { weight: 3, arbitrary: fc.tuple(command) },
    { weight: 1, arbitrary: fc.array(command, { minLength: 2, maxLength: 5 }) },
  ),
  { minLength: 40, size: 'max', maxLength: 60 },
);

/** Each step one command, its numbers a, b and c; c = 3 is sent once, c = 2 again after its answer. */
const script = (...steps: readonly (readonly [CommandKind, number?, number?, number?])[]): Command[][] =>
  steps.map(([kind, a = 0, b = 0, c = 3]) => [{ kind, a, b, c }]);

/** Usual days in which every command does something: otherwise a run of bad luck might prove nothing. */
export const USUAL_DAYS: readonly Command[][][] = [
  // Booked, moved, come, called, seen.
  script(
    ['hold', 0, 0, 4],
    ['confirm', 0, 0, 2],
    ['reschedule', 3, 0, 2],
    ['check-in', 0, 0, 2],
    ['keep-promises'],
    ['ready'],
    ['call-next', 0, 0, 2],
    ['answer'],
    ['begin'],
    ['park'],
    ['call-entry', 0, 0, 2],
    ['begin'],
    ['finish', 0, 0, 2],
    ['hold', 1, 1, 4],
    ['expire-hold'],
    ['hold', 2, 1, 4],
    ['no-show'],
    ['walk-in', 2],
    ['skip', 2, 0, 2],
    ['leave'],
    ['interrupt'],
  ),
  // A pool of two, a ring that nobody hears, people handed over, a specialist who is late.
  script(
    ['join-pool', 0, 0, 2],
    ['join-pool', 1],
    ['walk-in-pool', 0, 0, 2],
    ['walk-in-pool', 0, 1],
    // The second one is called past the first.
    ['ready', 0, 1],
    ['call-next'],
    ['stale-timeout'],
    ['ring-timeout'],
    ['recall', 0, 0, 2],
    ['cancel-call'],
    ['hand-over', 0, 0, 2],
    ['hand-to-pool', 0, 0, 2],
    ['never-there'],
    ['leave-pool', 1, 0, 2],
    // Somebody waits there and nobody else would call them: refused.
    ['leave-pool', 0],
    ['close-day'],
    ['walk-in', 2],
    ['late-alert'],
    ['late-tell'],
    ['break', 1, 0],
    ['take-substitute', 0, 0, 2],
  ),
  // A waiting list; a leave, its answers, its end.
  script(
    ['hold', 3, 9],
    ['confirm'],
    ['join-list', 4, 0, 2],
    ['join-list', 4, 1],
    ['cancel', 0, 0, 2],
    ['offer-slot'],
    ['decline-offer', 0, 0, 2],
    ['leave-list', 0, 0, 2],
    ['change-day', 0, 1, 2],
    ['hold', 3, 9],
    ['confirm'],
    // Answered while there are times to offer: of what was offered, the second leave takes the other's.
    ['take-leave', 0, 0, 2],
    ['answer-change', 0, 0, 2],
    ['take-leave', 1],
    ['answer-change', 0, 0, 2],
    ['withdraw-leave', 0, 1, 2],
    ['withdraw-leave', 1],
  ),
  // A leave that nobody answers.
  script(['hold', 3, 9], ['confirm'], ['take-leave', 0], ['take-leave', 1], ['lapse-change']),
];
