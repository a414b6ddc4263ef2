import { useTranslation } from 'react-i18next';
import { Link } from 'react-router';
import { Page } from './layout/Page.tsx';

export function NotFoundPage() {
  const { t } = useTranslation();
  return (
    <Page title={t('notFound.title')} lead={t('notFound.body')}>
      <Link to="/" className="r-primary">
        {t('action.home')}
      </Link>
    </Page>
  );
}
