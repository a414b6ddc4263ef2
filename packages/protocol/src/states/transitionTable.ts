/**
 * A state machine as data: for each state the states that may follow. Server and clients read the same table;
 * a transition that is not listed can't happen. A state with no followers is terminal and never left.
 */
export type TransitionTable<State extends string> = { readonly [From in State]: readonly State[] };

export const canTransition = <State extends string>(table: TransitionTable<State>, from: State, to: State): boolean =>
  table[from].includes(to);

export const isTerminalState = <State extends string>(table: TransitionTable<State>, state: State): boolean =>
  table[state].length === 0;
