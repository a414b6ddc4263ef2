import { Volume2 } from 'lucide-react';
import { useTranslation } from 'react-i18next';
import { hasProblem } from '../callState.ts';
import type { Call } from './types.ts';

/** The one big button for browsers that play no sound until they are touched. */
export function AutoplayUnblocker({ call }: { readonly call: Call }) {
  const { t } = useTranslation('call');
  if (!hasProblem(call.state, 'autoplay-blocked')) return null;
  return (
    <div className="ch-call-unblock">
      <button type="button" onClick={() => void call.actions.unblockAudio()}>
        <Volume2 aria-hidden size="1.6em" />
        {t('autoplay.button')}
      </button>
      <p>{t('autoplay.why')}</p>
    </div>
  );
}
