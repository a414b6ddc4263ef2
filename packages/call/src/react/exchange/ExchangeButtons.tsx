import { Camera, MessageSquare } from 'lucide-react';
import { useTranslation } from 'react-i18next';
import { CallControlButton } from '../CallControlButton.tsx';
import type { CallExchange } from './useCallExchange.ts';

/** Take a picture, open the messages: two of the large controls. */
export function ExchangeButtons({ exchange }: { readonly exchange: CallExchange }) {
  const { t } = useTranslation('exchange');
  const { camera, isCameraThere, unread, isOpen, toggle } = exchange;
  const busy = camera.state.phase === 'taking' || camera.state.phase === 'preview';
  return (
    <>
      <CallControlButton
        size="large"
        icon={Camera}
        label={t('still.takeShort')}
        disabled={busy || !isCameraThere}
        onPress={camera.press}
      />
      <CallControlButton
        size="large"
        icon={MessageSquare}
        label={unread.length === 0 || isOpen ? t('chat.open') : t('chat.openUnread', { count: unread.length })}
        pressed={isOpen}
        tone={unread.length > 0 && !isOpen ? 'off' : 'neutral'}
        onPress={toggle}
      />
    </>
  );
}
