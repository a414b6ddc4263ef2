import { Paperclip, SendHorizontal } from 'lucide-react';
import { useRef, useState } from 'react';
import { useTranslation } from 'react-i18next';

interface ComposerProps {
  readonly quickPhrases: readonly string[];
  /** Types of files, as `accept` names them. */
  readonly offered: string;
  readonly busy: boolean;
  readonly onSend: (text: string) => void;
  readonly onFile: (file: File) => void;
}

const LONGEST = 1000;

/** Writes, says what is often said, and sends files. */
export function Composer({ quickPhrases, offered, busy, onSend, onFile }: ComposerProps) {
  const { t } = useTranslation('exchange');
  const [text, setText] = useState('');
  const file = useRef<HTMLInputElement>(null);
  const submit = (): void => {
    const trimmed = text.trim();
    if (trimmed === '' || busy) return;
    onSend(trimmed);
    setText('');
  };
  return (
    <form
      className="ch-chat-composer"
      onSubmit={(event) => {
        event.preventDefault();
        submit();
      }}
    >
      {quickPhrases.length === 0 ? null : (
        <ul className="ch-chat-phrases" aria-label={t('chat.phrases')}>
          {quickPhrases.map((phrase) => (
            <li key={phrase}>
              <button type="button" disabled={busy} onClick={() => onSend(phrase)}>
                {phrase}
              </button>
            </li>
          ))}
        </ul>
      )}
      <div className="ch-chat-write">
        <input
          ref={file}
          type="file"
          hidden
          accept={offered}
          data-testid="chat-file"
          onChange={({ target }) => {
            const [chosen] = target.files ?? [];
            if (chosen !== undefined) onFile(chosen);
            target.value = '';
          }}
        />
        <button
          type="button"
          aria-label={t('chat.attach')}
          title={t('chat.attach')}
          onClick={() => file.current?.click()}
        >
          <Paperclip aria-hidden size="1.3em" />
        </button>
        <textarea
          rows={1}
          maxLength={LONGEST}
          aria-label={t('chat.write')}
          placeholder={t('chat.write')}
          value={text}
          onChange={({ target }) => setText(target.value)}
          onKeyDown={(event) => {
            // Enter that ends a Chinese word being composed is not the end of the message.
            if (event.key !== 'Enter' || event.shiftKey || event.nativeEvent.isComposing) return;
            event.preventDefault();
            submit();
          }}
        />
        <button
          type="submit"
          className="ch-chat-send"
          aria-label={t('chat.send')}
          disabled={busy || text.trim() === ''}
        >
          <SendHorizontal aria-hidden size="1.3em" />
        </button>
      </div>
    </form>
  );
}
