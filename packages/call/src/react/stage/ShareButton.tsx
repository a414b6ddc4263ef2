import { MonitorUp, MonitorX } from 'lucide-react';
import { useRef } from 'react';
import { useTranslation } from 'react-i18next';
import { canShareScreen } from '../../local/ScreenCapture.ts';
import { CallControlButton } from '../CallControlButton.tsx';
import type { Call } from '../types.ts';
import { useShortcuts } from '../useShortcuts.ts';
import { sharerOf } from './tiles.ts';

interface ShareButtonProps {
  readonly call: Call;
  readonly size: 'large' | 'compact';
  /** Listened to as well. */
  readonly shortcut?: string;
}

/** Shares the own screen; asks first when another one would end by it. Not there where the browser can't. */
export function ShareButton({ call, size, shortcut }: ShareButtonProps) {
  const { t } = useTranslation('call');
  const dialog = useRef<HTMLDialogElement>(null);
  const { screen, phase } = call.state;
  const isLive = screen.status === 'live';
  const other = sharerOf(call.state);
  const isPossible = phase === 'connected' || phase === 'reconnecting';
  const share = (takesOver: boolean): void => {
    dialog.current?.close();
    call.actions.shareScreen(takesOver).catch(reportError);
  };
  const press = (): void => {
    if (isLive) call.actions.stopSharing();
    else if (other === undefined) share(false);
    else dialog.current?.showModal();
  };
  useShortcuts(isPossible && shortcut !== undefined, { share: shortcut }, { share: press });
  if (!canShareScreen()) return null;
  return (
    <>
      <CallControlButton
        size={size}
        icon={isLive ? MonitorX : MonitorUp}
        label={t(isLive ? 'share.stop' : screen.status === 'starting' ? 'share.starting' : 'share.start')}
        pressed={isLive}
        tone={isLive ? 'off' : 'neutral'}
        disabled={!isPossible || screen.status === 'starting'}
        shortcut={shortcut}
        onPress={press}
      />
      <dialog ref={dialog} className="ch-call-ask" data-size={size} data-testid="share-ask">
        <h2>{t('share.takeTitle', { name: other?.displayName ?? '' })}</h2>
        <p>{t('share.takeBody')}</p>
        <div>
          <button type="button" className="ch-call-ask-no" onClick={() => dialog.current?.close()}>
            {t('share.keep')}
          </button>
          <button type="button" className="ch-call-retry" onClick={() => share(true)}>
            {t('share.take')}
          </button>
        </div>
      </dialog>
    </>
  );
}
