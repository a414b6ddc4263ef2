import { OwnSignal } from '@cloud-hospital/call/react';
import { Video } from 'lucide-react';
import { useTranslation } from 'react-i18next';
import { CheckView } from '../resident/deviceCheck/CheckView.tsx';
import { GuestPage } from './GuestPage.tsx';

/** Before the call, for whoever wants it: camera, microphone, line and sound of this phone. Joining never waits for it. */
export function GuestCheck({ onJoin }: { readonly onJoin: () => void }) {
  const { t } = useTranslation(['guest', 'deviceCheck']);
  return (
    <GuestPage title={t('deviceCheck:title')} lead={t('deviceCheck:lead')}>
      <OwnSignal face="guest">
        <CheckView hints={{ good: t('tried.good'), failed: t('tried.failed') }}>
          {() => (
            <button type="button" className="r-primary" onClick={onJoin} data-testid="guest-join-checked">
              <Video className="ch-icon" aria-hidden />
              {t('join')}
            </button>
          )}
        </CheckView>
      </OwnSignal>
    </GuestPage>
  );
}
