import { useTranslation } from 'react-i18next';
import { Link } from 'react-router';

/** The person left the list, e.g. the appointment was moved to another day. */
export function StalePerson() {
  const { t } = useTranslation(['terminal', 'common']);
  return (
    <div className="t-pane t-pane--centre">
      <p className="t-lead">{t('person.stale')}</p>
      <Link to="/" className="t-secondary">
        {t('common:action.back')}
      </Link>
    </div>
  );
}
