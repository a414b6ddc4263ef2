import type { ChatMessage } from '@cloud-hospital/protocol/rest';
import { MessageSquare } from 'lucide-react';

interface MessageCaptionProps {
  readonly message: ChatMessage;
  readonly onOpen: () => void;
}

/** What was written last and nobody here has opened yet: read at two metres, a touch opens the messages. */
export function MessageCaption({ message, onOpen }: MessageCaptionProps) {
  return (
    <div className="ch-caption" role="status" data-testid="message-caption">
      <button type="button" onClick={onOpen}>
        <MessageSquare className="ch-icon" aria-hidden />
        <span>{message.text}</span>
      </button>
    </div>
  );
}
