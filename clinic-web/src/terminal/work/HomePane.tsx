import { CalendarPlus, IdCard, ScanLine, UserPlus } from 'lucide-react';
import { useTranslation } from 'react-i18next';
import { Link } from 'react-router';

const WAYS = [
  { to: '/check-in', icon: ScanLine, title: 'home.scan', hint: 'home.scanHint', testId: 'home-scan' },
  {
    to: '/check-in?by=identity',
    icon: IdCard,
    title: 'home.identity',
    hint: 'home.identityHint',
    testId: 'home-identity',
  },
  { to: '/walk-in', icon: UserPlus, title: 'home.walkIn', hint: 'home.walkInHint', testId: 'home-walk-in' },
  { to: '/desk', icon: CalendarPlus, title: 'people:desk.title', hint: 'people:desk.hint', testId: 'home-desk' },
] as const;

/** Nobody in hand: the ways in which somebody comes. */
export function HomePane() {
  const { t } = useTranslation(['terminal', 'people']);
  return (
    <section className="t-pane t-home" data-testid="home-page">
      <h1 className="t-title t-title--large">{t('home.title')}</h1>
      <p className="t-lead">{t('home.lead')}</p>
      <ul className="t-home__ways">
        {WAYS.map(({ to, icon: Icon, title, hint, testId }) => (
          <li key={to}>
            <Link to={to} className="t-home__way" data-testid={testId}>
              <Icon className="t-home__icon" aria-hidden />
              <span>
                <span className="t-home__title">{t(title)}</span>
                <span className="t-hint">{t(hint)}</span>
              </span>
            </Link>
          </li>
        ))}
      </ul>
    </section>
  );
}
