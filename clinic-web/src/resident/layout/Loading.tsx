import { LoaderCircle } from 'lucide-react';
import { useTranslation } from 'react-i18next';

export function Loading() {
  const { t } = useTranslation();
  return (
    <p className="r-loading" role="status">
      <LoaderCircle className="ch-icon ch-spin" aria-hidden />
      {t('state.loading')}
    </p>
  );
}
