import { useSession } from '@cloud-hospital/ui/api';
import { usePick } from '@cloud-hospital/ui/i18n';
import { useTranslation } from 'react-i18next';
import { Dialog } from '../controls/Dialog.tsx';

/** Who to phone: the emergency number first, then this clinic's own, then what to do about the devices. */
export function HelpDialog({ onClose }: { readonly onClose: () => void }) {
  const { t } = useTranslation('terminal');
  const pick = usePick();
  const session = useSession();
  const signedIn = session.status === 'signed-in' ? session.session : null;
  const phone = signedIn?.location?.phone ?? '';
  return (
    <Dialog title={t('help.title')} onClose={onClose} testId="help-dialog">
      <dl className="t-help">
        <div className="t-help__line t-help__line--emergency">
          <dt>{t('help.emergency')}</dt>
          <dd className="t-help__number">120</dd>
          <dd>{t('help.emergencyBody')}</dd>
        </div>
        {signedIn?.location === null || signedIn === null ? null : (
          <div className="t-help__line">
            <dt>{pick(signedIn.location.name)}</dt>
            <dd className="t-help__number">{phone === '' ? t('help.noPhone') : phone}</dd>
            <dd>{t('help.clinicBody')}</dd>
          </div>
        )}
        <div className="t-help__line">
          <dt>{t('help.device')}</dt>
          <dd>{t('help.deviceBody')}</dd>
          {signedIn?.device === null || signedIn === null ? null : (
            <dd>
              {t('help.name')} <strong>{signedIn.device.name}</strong>
            </dd>
          )}
        </div>
      </dl>
    </Dialog>
  );
}
