import type { EncounterId } from '@cloud-hospital/protocol';
import type { WorklistItem } from '@cloud-hospital/protocol/rest';
import type { Call, IncomingCall } from '@cloud-hospital/call/react';
import { createContext, useContext } from 'react';

export interface TerminalCall {
  readonly encounterId: EncounterId;
  readonly call: Call;
  /** What the list says of this person; undefined until it is fetched. */
  readonly item: WorklistItem | undefined;
  readonly incoming: IncomingCall | null;
  /** After its end: puts it away, so that the next person can be prepared. */
  readonly dismiss: () => void;
  /** Joins anew, e.g. after another window took the call. */
  readonly restart: () => void;
}

export const TerminalCallContext = createContext<TerminalCall | null>(null);

/** The call that is on, or prepared for the next person; null without one and at a desk. */
export const useTerminalCall = (): TerminalCall | null => useContext(TerminalCallContext);
