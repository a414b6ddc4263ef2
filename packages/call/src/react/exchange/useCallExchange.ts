import type { AttachmentId, EncounterId } from '@cloud-hospital/protocol';
import type { ChatMessage, ChatSide } from '@cloud-hospital/protocol/rest';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { Call } from '../types.ts';
import { unreadOf, useExchange, useExchangeNews } from './useExchange.ts';
import { type UsedStillCamera, useStillCamera } from './useStillCamera.ts';

export interface CallExchange {
  readonly encounterId: EncounterId;
  /** Whose words and pictures are worded for: a clinic's terminal, or a resident's own phone. */
  readonly side: Extract<ChatSide, 'clinic' | 'resident'>;
  readonly camera: UsedStillCamera;
  readonly isCameraThere: boolean;
  /** Written by others and not opened here, oldest first. */
  readonly unread: readonly ChatMessage[];
  readonly isOpen: boolean;
  readonly toggle: () => void;
  readonly viewing: AttachmentId | null;
  readonly view: (attachmentId: AttachmentId | null) => void;
}

/** What goes back and forth beside the call, at the end of whoever is seen: pictures taken, messages, files. */
export function useCallExchange(encounterId: EncounterId, call: Call, side: CallExchange['side']): CallExchange {
  const { t } = useTranslation('exchange');
  useExchangeNews();
  const exchange = useExchange(encounterId);
  // Staff at a terminal may turn a camera off and still take a picture; at home "off" means that nothing is seen.
  const camera = useStillCamera(encounterId, call, { title: t('still.title'), whileOff: side === 'clinic' });
  const [isOpen, setOpen] = useState(false);
  const [viewing, setViewing] = useState<AttachmentId | null>(null);
  const { status } = call.state.camera;
  return {
    encounterId,
    side,
    camera,
    isCameraThere: side === 'clinic' ? status !== 'unavailable' : status === 'live',
    unread: unreadOf(exchange.data, side),
    isOpen,
    toggle: () => setOpen((open) => !open),
    viewing,
    view: setViewing,
  };
}
