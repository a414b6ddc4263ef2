import { X } from 'lucide-react';
import { type ReactNode, useEffect, useId, useRef } from 'react';
import { useTranslation } from 'react-i18next';

interface DialogProps {
  readonly title: string;
  readonly onClose: () => void;
  readonly children: ReactNode;
  readonly testId?: string;
  /** As wide as the screen has room for. */
  readonly wide?: boolean;
}

/** A modal sheet on the browser's own <dialog>: focus stays inside, Escape and the button close it. */
export function Dialog({ title, onClose, children, testId, wide = false }: DialogProps) {
  const { t } = useTranslation();
  const ref = useRef<HTMLDialogElement>(null);
  const titleId = useId();
  useEffect(() => {
    const dialog = ref.current;
    if (dialog === null || dialog.open) return undefined;
    dialog.showModal();
    return () => dialog.close();
  }, []);
  return (
    <dialog
      ref={ref}
      className="t-dialog"
      data-wide={wide}
      aria-labelledby={titleId}
      onCancel={onClose}
      data-testid={testId}
    >
      <div className="t-dialog__head">
        <h2 id={titleId} className="t-dialog__title">
          {title}
        </h2>
        <button type="button" className="ch-quiet-button" onClick={onClose} aria-label={t('action.close')}>
          <X className="ch-icon" aria-hidden />
        </button>
      </div>
      {children}
    </dialog>
  );
}
