import type { TFunction } from 'i18next';
import type { CallState, Participant } from '../callState.types.ts';

type T = TFunction<'call'>;

/** Whom one talks with before all others: the clinic for a specialist, the specialist for everybody else. */
function otherSide({ participants, direction }: CallState): Participant | undefined {
  const isOtherSide = ({ role }: Participant): boolean =>
    direction === 'outgoing' ? role !== 'specialist' && role !== 'guest' : role === 'specialist';
  return participants.find(isOtherSide) ?? participants[0];
}

/** The state of the call as one sentence, short enough to be read from two metres. */
export function callSentence(t: T, state: CallState): string {
  const name = otherSide(state)?.displayName;
  switch (state.phase) {
    case 'idle':
      return t(`sentence.${state.warmth}`);
    case 'ringing':
      if (state.direction === 'incoming') return t('sentence.incoming');
      return name ? t('sentence.ringingName', { name }) : t('sentence.ringing');
    case 'connecting':
      // Found on hold after a reload.
      return t(state.hold ? 'sentence.hold' : 'sentence.connecting');
    case 'connected':
      if (state.hold) return t(state.rights === 'active' ? 'sentence.holding' : 'sentence.hold');
      if (!name) return t('sentence.waitingForPeer');
      if (state.participants.length > 1) {
        return t('sentence.connectedMany', { count: state.participants.length + 1 });
      }
      return t('sentence.connectedName', { name });
    case 'reconnecting':
      return t('sentence.reconnecting');
    case 'ended':
      return t(`ended.${state.endReason ?? 'hung-up'}`);
  }
}

/** What the person should do meanwhile, or `null`. */
export function callAdvice(t: T, state: CallState): string | null {
  if (state.phase === 'reconnecting') return t('advice.reconnecting');
  return null;
}
