import type { AttachmentId, EncounterId } from '@cloud-hospital/protocol';
import type { ChatMessage } from '@cloud-hospital/protocol/rest';
import {
  unreadOf,
  useExchange,
  useExchangeNews,
  type UsedStillCamera,
  useStillCamera,
} from '@cloud-hospital/call/exchange';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { TerminalCall } from '../call/useTerminalCall.ts';

export interface TerminalExchange {
  readonly encounterId: EncounterId;
  readonly camera: UsedStillCamera;
  readonly isCameraThere: boolean;
  /** Written by the specialist and not opened here, oldest first. */
  readonly unread: readonly ChatMessage[];
  readonly isOpen: boolean;
  readonly toggle: () => void;
  readonly viewing: AttachmentId | null;
  readonly view: (attachmentId: AttachmentId | null) => void;
}

/** What goes back and forth beside the call, at the terminal: pictures taken, messages, files. */
export function useTerminalExchange({ encounterId, call }: TerminalCall): TerminalExchange {
  const { t } = useTranslation('exchange');
  useExchangeNews();
  const exchange = useExchange(encounterId);
  const camera = useStillCamera(encounterId, call, t('still.title'));
  const [isOpen, setOpen] = useState(false);
  const [viewing, setViewing] = useState<AttachmentId | null>(null);
  return {
    encounterId,
    camera,
    isCameraThere: call.state.camera.status !== 'unavailable',
    unread: unreadOf(exchange.data, 'clinic'),
    isOpen,
    toggle: () => setOpen((open) => !open),
    viewing,
    view: setViewing,
  };
}
