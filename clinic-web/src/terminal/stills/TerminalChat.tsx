import { ChatPanel } from '@cloud-hospital/call/exchange';
import type { AttachmentId, EncounterId } from '@cloud-hospital/protocol';
import { useTranslation } from 'react-i18next';

/** The terminal's end of the messages: large, with what staff often answer. */
export function TerminalChat(props: {
  readonly encounterId: EncounterId;
  readonly closed?: boolean;
  readonly onOpen: (attachmentId: AttachmentId) => void;
}) {
  const { t } = useTranslation('exchange');
  const phrases = (['yes', 'wait', 'unclear'] as const).map((phrase) => t(`phrases.clinic.${phrase}`));
  return <ChatPanel {...props} side="clinic" reader="specialist" size="large" quickPhrases={phrases} />;
}
