import { CallControlButton } from '@cloud-hospital/call/react';
import { unreadOf, useExchange } from '@cloud-hospital/call/exchange';
import type { EncounterId } from '@cloud-hospital/protocol';
import { MessageSquare } from 'lucide-react';
import { useCallback } from 'react';
import { useTranslation } from 'react-i18next';
import { useShortcut } from '../useShortcut.ts';
import { useBeside } from './Beside.tsx';

/** Opens and closes the messages beside the call. */
export function MessagesControl({ encounterId }: { readonly encounterId: EncounterId }) {
  const { t } = useTranslation('exchange');
  const beside = useBeside();
  const exchange = useExchange(encounterId);
  const isReading = beside.encounterId === encounterId && beside.picture === null;
  const toggle = useCallback(
    () => (isReading ? beside.close() : beside.showMessages(encounterId)),
    [isReading, beside, encounterId],
  );
  useShortcut('KeyC', toggle);
  const unread = isReading ? 0 : unreadOf(exchange.data, 'specialist').length;
  return (
    <CallControlButton
      size="compact"
      icon={MessageSquare}
      label={unread > 0 ? t('chat.openUnread', { count: unread }) : t('chat.open')}
      shortcut="C"
      tone={unread > 0 ? 'off' : 'neutral'}
      pressed={isReading}
      onPress={toggle}
    />
  );
}
