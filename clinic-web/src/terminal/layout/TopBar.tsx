import { DemoBadge } from '@cloud-hospital/ui';
import { useSession } from '@cloud-hospital/ui/api';
import { usePick } from '@cloud-hospital/ui/i18n';
import { CircleUserRound, LifeBuoy } from 'lucide-react';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { Clock } from './Clock.tsx';
import { HealthLines } from './HealthLines.tsx';
import { HelpDialog } from './HelpDialog.tsx';
import { StaffMenu } from './StaffMenu.tsx';

/** Where this is, what time it is, whether the devices work, who to phone, who is signed in. */
export function TopBar() {
  const { t } = useTranslation('terminal');
  const pick = usePick();
  const session = useSession();
  const [open, setOpen] = useState<'help' | 'menu' | null>(null);
  const close = () => setOpen(null);
  if (session.status !== 'signed-in') return null;
  const { displayName, location, device } = session.session;
  return (
    <header className="t-bar">
      <div className="t-bar__place">
        <p className="t-bar__clinic" data-testid="clinic-name">
          {location === null ? t('title') : pick(location.name)}
        </p>
        <p className="t-bar__sub">
          {device === null ? t('bar.desk') : device.name}
          {session.demo ? <DemoBadge /> : null}
        </p>
      </div>
      <Clock />
      <HealthLines />
      <button type="button" className="t-bar__help" onClick={() => setOpen('help')} data-testid="open-help">
        <LifeBuoy className="ch-icon" aria-hidden />
        <span>{t('bar.help')}</span>
        <span className="t-bar__120">120</span>
      </button>
      <button
        type="button"
        className="t-bar__staff"
        onClick={() => setOpen('menu')}
        aria-label={t('bar.staff', { name: displayName })}
        data-testid="open-menu"
      >
        <CircleUserRound className="ch-icon" aria-hidden />
        {displayName}
      </button>
      {open === 'help' ? <HelpDialog onClose={close} /> : null}
      {open === 'menu' ? <StaffMenu session={session.session} onClose={close} /> : null}
    </header>
  );
}
