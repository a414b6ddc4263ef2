import type { Appointment } from '@cloud-hospital/protocol/rest';
import { useServerNow } from '@cloud-hospital/ui';
import { Smartphone } from 'lucide-react';
import { useTranslation } from 'react-i18next';
import { Link } from 'react-router';
import { useWords } from '../layout/words.ts';
import './phoneVisit.css';

/** On the ticket of a visit by phone: from when one checks in here, then the way to it. */
export function PhoneCheckInCard({ appointment }: { readonly appointment: Appointment }) {
  const { t } = useTranslation('phoneVisit');
  const words = useWords();
  const now = useServerNow(10_000);
  const { appointmentId, phone, status } = appointment;
  if (!phone.chosen || status !== 'booked' || phone.checkInFrom === null) return null;
  const isOpen = Date.parse(phone.checkInFrom) <= now;
  return (
    <section className="r-card p-card" data-testid="phone-check-in" data-open={isOpen}>
      <p className="p-card__title">
        <Smartphone className="ch-icon" aria-hidden />
        {t('title')}
      </p>
      <p>{isOpen ? t('card.open') : t('card.from', { time: words.dayTime(phone.checkInFrom) })}</p>
      {isOpen ? (
        <Link to={`/appointments/${appointmentId}/phone`} className="r-primary" data-testid="open-phone-check-in">
          {t('card.go')}
        </Link>
      ) : null}
    </section>
  );
}

/** What to have ready at home, instead of what to bring. */
export function PhonePreparation() {
  const { t } = useTranslation('phoneVisit');
  return (
    <section className="r-section">
      <h2 className="r-section__title">{t('prepare.title')}</h2>
      <ul className="a-bring">
        <li>{t('prepare.place')}</li>
        <li>{t('prepare.power')}</li>
        <li>{t('prepare.papers')}</li>
        <li>{t('prepare.clinic')}</li>
      </ul>
    </section>
  );
}
