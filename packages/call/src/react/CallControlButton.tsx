import type { LucideIcon } from 'lucide-react';
import { useTranslation } from 'react-i18next';

interface CallControlButtonProps {
  readonly icon: LucideIcon;
  readonly label: string;
  readonly onPress: () => void;
  readonly size: 'large' | 'compact';
  /** For switches. */
  readonly pressed?: boolean;
  readonly tone?: 'neutral' | 'danger' | 'off';
  readonly disabled?: boolean;
  readonly shortcut?: string | undefined;
}

/** One control of a call; icon and word always together. */
export function CallControlButton(props: CallControlButtonProps) {
  const { icon: Icon, label, onPress, size, pressed, tone = 'neutral', disabled = false, shortcut } = props;
  const { t } = useTranslation('call');
  const hint = shortcut === undefined ? undefined : t('control.shortcut', { key: shortcut });
  return (
    <button
      type="button"
      className="ch-call-control"
      data-size={size}
      data-tone={tone}
      aria-pressed={pressed}
      aria-keyshortcuts={shortcut}
      title={hint}
      disabled={disabled}
      onClick={onPress}
    >
      <Icon aria-hidden size={size === 'large' ? '2em' : '1.35em'} />
      <span>{label}</span>
      {shortcut !== undefined && size === 'compact' && <kbd aria-hidden>{shortcut}</kbd>}
    </button>
  );
}
