import { useSession } from '@cloud-hospital/ui/api';
import { useTranslation } from 'react-i18next';

/** Above everything and on every page, so that nobody takes made-up people for real ones. */
export function DemoStrip() {
  const { t } = useTranslation();
  const session = useSession();
  if ((session.status !== 'signed-in' && session.status !== 'signed-out') || !session.demo) return null;
  return (
    <p className="r-demo">
      <strong>{t('demo.badge')}</strong> {t('demo.explain')}
    </p>
  );
}
