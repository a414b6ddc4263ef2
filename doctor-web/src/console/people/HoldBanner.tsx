import type { Call } from '@cloud-hospital/call/react';
import { formatCountdown, useServerNow } from '@cloud-hospital/ui';
import { useTranslation } from 'react-i18next';
import { HoldButton } from './PeopleControl.tsx';

/** So that nobody forgets that the others wait: how long, and the way on. */
export function HoldBanner({ call, decides }: { readonly call: Call; readonly decides: boolean }) {
  const { t } = useTranslation('callPeople');
  const now = useServerNow();
  const { heldSince } = call.state;
  if (heldSince === null) return null;
  const time = formatCountdown(Math.floor(Math.max(0, now - heldSince) / 1000) * 1000);
  return (
    <div className="c-hold" role="status" data-testid="hold-banner">
      <p>
        {t('holding')} · <span aria-hidden>{t('holdFor', { time })}</span>
      </p>
      {decides ? <HoldButton call={call} /> : null}
    </div>
  );
}
