import { formatCountdown, useServerNow } from '@cloud-hospital/ui';
import { Pause } from 'lucide-react';
import { useTranslation } from 'react-i18next';
import type { CallState } from '../callState.types.ts';

/** Instead of the others while media rests: calm, with how long it has lasted, so that nobody thinks it broke. */
export function HoldScreen({ state }: { readonly state: CallState }) {
  const { t } = useTranslation('call');
  const now = useServerNow();
  const { hold, rights, heldSince } = state;
  if (!hold || rights === 'active') return null;
  return (
    <div className="ch-call-hold" data-testid="hold-screen">
      <Pause aria-hidden size="3em" strokeWidth={1.5} />
      <p className="ch-call-hold-title">{t(heldSince === null ? 'hold.parked' : 'hold.title')}</p>
      <p>{t('hold.private')}</p>
      {heldSince === null ? null : (
        <time className="ch-call-hold-time" aria-hidden>
          {formatCountdown(Math.floor(Math.max(0, now - heldSince) / 1000) * 1000)}
        </time>
      )}
    </div>
  );
}
