import { Crop } from 'lucide-react';
import { useTranslation } from 'react-i18next';
import type { ScreenFreeze } from '../types.ts';

interface FreezeButtonProps {
  readonly freeze: ScreenFreeze;
  /** What is to be frozen now; null: nothing is shown yet. */
  readonly screen: (button: HTMLElement) => HTMLVideoElement | MediaStreamTrack | null;
}

/** The shared screen as it stands, to be drawn on. */
export function FreezeButton({ freeze, screen }: FreezeButtonProps) {
  const { t } = useTranslation('call');
  const labels = { idle: 'share.freeze', busy: 'share.freezing', failed: 'share.freezeFailed' } as const;
  return (
    <button
      type="button"
      className="ch-call-freeze"
      disabled={freeze.state === 'busy'}
      onClick={({ currentTarget }) => {
        const shown = screen(currentTarget);
        if (shown !== null) freeze.press(shown);
      }}
    >
      <Crop aria-hidden size="1.35em" />
      <span>{t(labels[freeze.state])}</span>
    </button>
  );
}
