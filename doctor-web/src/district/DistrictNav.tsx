import { useTranslation } from 'react-i18next';
import { AreaNav } from '../layout/AreaNav.tsx';

const PAGES = ['overview', 'directory', 'staff', 'calendar'] as const;

/** The pages of the district's administration. */
export function DistrictNav() {
  const { t } = useTranslation('console');
  return (
    <AreaNav
      label={t('title.district')}
      links={PAGES.map((page) => ({
        to: page === 'overview' ? '/district' : `/district/${page}`,
        label: t(`district.page.${page}`),
      }))}
    >
      <a className="c-nav__link" href="/district/jobs">
        {t('district.page.jobs')}
      </a>
    </AreaNav>
  );
}
