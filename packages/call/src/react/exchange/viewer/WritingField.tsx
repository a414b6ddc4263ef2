import { useState } from 'react';
import { useTranslation } from 'react-i18next';

const LONGEST = 80;

/** The letters that are about to stand on the picture. */
export function WritingField({ onDone }: { readonly onDone: (text: string) => void }) {
  const { t } = useTranslation('exchange');
  const [text, setText] = useState('');
  return (
    <form
      className="ch-viewer-writing"
      onSubmit={(event) => {
        event.preventDefault();
        onDone(text);
      }}
    >
      <input
        // The picture was pressed to write exactly this.
        // oxlint-disable-next-line jsx-a11y/no-autofocus
        autoFocus
        aria-label={t('viewer.writing')}
        placeholder={t('viewer.writing')}
        maxLength={LONGEST}
        value={text}
        onChange={({ target }) => setText(target.value)}
        onKeyDown={(event) => {
          if (event.key !== 'Escape') return;
          event.stopPropagation();
          onDone('');
        }}
      />
      <button type="submit">{t('viewer.write')}</button>
    </form>
  );
}
