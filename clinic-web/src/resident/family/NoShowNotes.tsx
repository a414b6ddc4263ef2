import type { BookablePerson } from '@cloud-hospital/protocol/rest';
import { formatDate, noonOf } from '@cloud-hospital/ui';
import { CircleAlert } from 'lucide-react';
import { useTranslation } from 'react-i18next';
import { Link } from 'react-router';
import { Page } from '../layout/Page.tsx';
import { useWords } from '../layout/words.ts';
import './family.css';

/** One more, and bookings are made at a desk: said before it happens. */
export function NoShowHint({ person: { name, noShows } }: { readonly person: BookablePerson }) {
  const { t } = useTranslation('people');
  const { count, limit } = noShows;
  if (count !== limit - 1) return null;
  return (
    <div className="ch-note ch-note--attention" data-testid="no-show-hint">
      <CircleAlert className="ch-note__icon" aria-hidden />
      <div className="ch-note__body">
        <p className="ch-note__title">{t('noShow.hintTitle', { name, count })}</p>
        <p>{t('noShow.hint', { limit })}</p>
      </div>
    </div>
  );
}

/** In place of the questions: why not here, and how to go on. */
export function DeskOnlyPage({ person: { name, noShows } }: { readonly person: BookablePerson }) {
  const { t } = useTranslation('people');
  const { locale } = useWords();
  const { count, onlineAgainOn } = noShows;
  return (
    <Page title={t('noShow.title')} lead={t('noShow.what', { name, count })} back="/">
      <section className="r-section" data-testid="desk-only">
        <h2 className="r-section__title">{t('noShow.how')}</h2>
        <ol className="f-steps">
          <li>{t('noShow.how1')}</li>
          <li>{t('noShow.how2')}</li>
          {onlineAgainOn === null ? null : (
            <li>{t('noShow.how3', { date: formatDate(noonOf(onlineAgainOn), locale) })}</li>
          )}
        </ol>
      </section>
      <div className="r-bar">
        <Link to="/" className="r-primary">
          {t('noShow.clinics')}
        </Link>
      </div>
    </Page>
  );
}
