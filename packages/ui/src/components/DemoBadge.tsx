import { useTranslation } from 'react-i18next';

/** Every face shows it while it shows made-up people: `session.demo`. */
export function DemoBadge() {
  const { t } = useTranslation();
  return (
    <span className="ch-demo-badge" title={t('demo.explain')}>
      {t('demo.badge')}
    </span>
  );
}
