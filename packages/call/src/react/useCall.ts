import { useEffect, useEffectEvent, useLayoutEffect, useMemo, useState, useSyncExternalStore } from 'react';
import type { CallEndReason } from '@cloud-hospital/protocol/states';
import { serverClock } from '@cloud-hospital/ui';
import type { CallProblem } from '../callState.types.ts';
import { CallSlot } from './CallSlot.ts';
import { useSignal } from './SignalProvider.tsx';
import type { Call, UseCallOptions } from './types.ts';

/**
 * One call of one encounter, bound to the component: it is made when `encounterId` comes, and leaves the room when it
 * goes or the component unmounts. See the README for how both sides use it.
 */
export function useCall(options: UseCallOptions): Call {
  const { encounterId, role, incoming = null, autoStart = false, onProblem, onEnded } = options;
  const signal = useSignal();
  const [slot] = useState(() => new CallSlot());
  const problem = useEffectEvent((appeared: CallProblem) => onProblem?.(appeared));
  const ended = useEffectEvent((reason: CallEndReason) => onEnded?.(reason));

  useEffect(() => {
    if (encounterId === null) return undefined;
    const close = slot.open({ signal, encounterId, role, now: () => serverClock.now() });
    let before = slot.state();
    const off = slot.subscribe(() => {
      const state = slot.state();
      for (const one of state.problems) if (!before.problems.includes(one)) problem(one);
      if (state.endReason !== null && before.endReason === null) ended(state.endReason);
      before = state;
    });
    return () => {
      off();
      close();
    };
  }, [slot, signal, encounterId, role]);

  // These follow in the order they are written, after the slot was filled.
  useEffect(() => {
    if (autoStart && encounterId !== null) slot.client?.start();
  }, [slot, autoStart, signal, encounterId, role]);
  const rings = incoming !== null && incoming.encounterId === encounterId;
  // A prepared call rings in the very frame that the message is drawn in; one that is made only now, in the next.
  useLayoutEffect(() => {
    if (rings) slot.client?.ring();
  }, [slot, rings]);
  useEffect(() => {
    if (rings) slot.client?.ring();
  }, [slot, rings, signal, encounterId, role]);

  const state = useSyncExternalStore(slot.subscribe, slot.state);
  return useMemo(() => ({ state, actions: slot.actions, media: slot.media }), [state, slot]);
}
