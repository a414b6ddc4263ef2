import { useTranslation } from 'react-i18next';
import { AreaNav } from '../layout/AreaNav.tsx';

/** The specialist's pages. The schedule opens beside the console, which goes on ringing and keeps its call. */
export function DoctorNav() {
  const { t } = useTranslation('console');
  return (
    <AreaNav
      label={t('title.doctor')}
      links={[
        { to: '/doctor', label: t('title.doctor') },
        { to: '/doctor/schedule', label: t('title.schedule') },
      ]}
    />
  );
}
