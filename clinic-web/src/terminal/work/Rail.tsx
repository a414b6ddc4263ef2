import { List, ScanLine, UserPlus } from 'lucide-react';
import { useTranslation } from 'react-i18next';
import { Link } from 'react-router';

/**
 * In place of the list while a task is done with one person: they sit before this screen, and other people's names are
 * none of their business. Whoever comes in meanwhile is still one touch away.
 */
export function Rail() {
  const { t } = useTranslation('terminal');
  return (
    <nav className="t-rail" aria-label={t('list.title')} data-testid="rail">
      <Link to="/" className="t-rail__link" data-testid="rail-list">
        <List className="ch-icon" aria-hidden />
        {t('rail.list')}
      </Link>
      <span className="t-bar__gap" />
      <Link to="/check-in" className="t-rail__link" data-testid="open-check-in">
        <ScanLine className="ch-icon" aria-hidden />
        {t('rail.scan')}
      </Link>
      <Link to="/walk-in" className="t-rail__link" data-testid="open-walk-in">
        <UserPlus className="ch-icon" aria-hidden />
        {t('rail.walkIn')}
      </Link>
    </nav>
  );
}
