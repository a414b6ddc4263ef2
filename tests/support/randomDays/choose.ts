import type { Command, CommandKind } from './commands.ts';

/** Sends the command; undefined where there is nothing to send it to. Called twice: the same request, the same key. */
export type Request = () => Promise<unknown>;

export function must<T>(list: readonly T[], index: number): T {
  const found = list[index % list.length];
  if (found === undefined) throw new Error('the world is empty');
  return found;
}

/** In which states of its object a command can do something, and what brings an object there when there is none. */
const FITTING: {
  readonly [Kind in CommandKind]?: { readonly states: readonly string[]; readonly prepare?: CommandKind };
} = {
  hold: { states: ['free'] },
  confirm: { states: ['pending', 'offered'], prepare: 'hold' },
  'expire-hold': { states: ['pending', 'offered'], prepare: 'hold' },
  cancel: { states: ['pending', 'booked', 'booked-ahead', 'checked-in', 'to-answer'], prepare: 'confirm' },
  reschedule: { states: ['booked', 'booked-ahead', 'checked-in', 'to-answer'], prepare: 'confirm' },
  'check-in': { states: ['booked'], prepare: 'confirm' },
  'no-show': { states: ['booked'], prepare: 'confirm' },
  'leave-list': { states: ['waitlist', 'offered'], prepare: 'join-list' },
  'decline-offer': { states: ['offered'], prepare: 'offer-slot' },
  'offer-slot': { states: ['wanted'], prepare: 'cancel' },
  'answer-change': { states: ['to-answer'], prepare: 'take-leave' },
  'lapse-change': { states: ['to-answer'], prepare: 'take-leave' },
  'withdraw-leave': { states: ['leave'], prepare: 'take-leave' },
  leave: { states: ['waiting', 'ready', 'rung'], prepare: 'walk-in' },
  'close-day': { states: ['waiting', 'ready', 'rung'], prepare: 'walk-in' },
  ready: { states: ['waiting', 'rung', 'parked'], prepare: 'walk-in' },
  'call-next': { states: ['can-call'], prepare: 'ready' },
  'call-entry': { states: ['ready', 'rung', 'parked'], prepare: 'ready' },
  recall: { states: ['rung'], prepare: 'ring-timeout' },
  'never-there': { states: ['rung'], prepare: 'ring-timeout' },
  'hand-over': { states: ['waiting', 'ready', 'rung', 'parked'], prepare: 'walk-in-pool' },
  'hand-to-pool': { states: ['waiting', 'ready', 'rung'], prepare: 'walk-in' },
  'keep-promises': { states: ['waiting', 'ready', 'rung'], prepare: 'walk-in' },
  'late-alert': { states: ['waiting', 'ready', 'rung'], prepare: 'walk-in' },
  'late-tell': { states: ['alerted'], prepare: 'late-alert' },
  'take-substitute': { states: ['late'], prepare: 'late-tell' },
  skip: { states: ['waiting', 'ready', 'rung', 'called'], prepare: 'walk-in' },
  'cancel-call': { states: ['called'], prepare: 'call-next' },
  'ring-timeout': { states: ['called'], prepare: 'call-next' },
  'stale-timeout': { states: ['called'], prepare: 'call-next' },
  answer: { states: ['called'], prepare: 'call-next' },
  begin: { states: ['called', 'serving'], prepare: 'call-next' },
  park: { states: ['serving'], prepare: 'begin' },
  interrupt: { states: ['parked'], prepare: 'park' },
  finish: { states: ['serving', 'parked'], prepare: 'begin' },
};

/** The command that must come before this one can do anything. */
export const preparationOf = (kind: CommandKind): CommandKind | undefined => FITTING[kind]?.prepare;

/**
 * One of the list to which the command can do something; now and then any of them.
 * @returns undefined when there is none
 */
export function choose<T extends { readonly state: string }>(
  list: readonly T[],
  { kind, b, c }: Command,
): T | undefined {
  const states = FITTING[kind]?.states ?? [];
  const from = c % 7 === 0 ? list : list.filter((one) => states.includes(one.state));
  return from.length === 0 ? undefined : must(from, b);
}
