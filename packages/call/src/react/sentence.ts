import type { TFunction } from 'i18next';
import type { CallState } from '../callState.types.ts';

type T = TFunction<'call'>;

/** The state of the call as one sentence, short enough to be read from two metres. */
export function callSentence(t: T, state: CallState): string {
  const [peer] = state.participants;
  const name = peer?.displayName;
  switch (state.phase) {
    case 'idle':
      return t(`sentence.${state.warmth}`);
    case 'ringing':
      if (state.direction === 'incoming') return t('sentence.incoming');
      return name ? t('sentence.ringingName', { name }) : t('sentence.ringing');
    case 'connecting':
      return t('sentence.connecting');
    case 'connected':
      if (state.hold) return t('sentence.hold');
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
  if (state.phase === 'connected' && state.hold) return t('advice.hold');
  return null;
}
