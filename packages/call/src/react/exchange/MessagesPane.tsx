import { X } from 'lucide-react';
import type { ReactNode } from 'react';
import { useTranslation } from 'react-i18next';

interface MessagesPaneProps {
  readonly onClose: () => void;
  /** A ChatPanel. */
  readonly children: ReactNode;
}

/** The messages beside or below the picture, and the way back. */
export function MessagesPane({ onClose, children }: MessagesPaneProps) {
  const { t } = useTranslation('exchange');
  return (
    <aside className="ch-messages" aria-label={t('chat.label')} data-testid="messages-pane">
      <header className="ch-messages-head">
        <h2>{t('chat.label')}</h2>
        <button type="button" className="ch-quiet-button" onClick={onClose} aria-label={t('pane.close')}>
          <X className="ch-icon" aria-hidden />
        </button>
      </header>
      {children}
    </aside>
  );
}
