import type { Appointment, QueuePlace } from '@cloud-hospital/protocol/rest';
import { PhoneCall, Video } from 'lucide-react';
import { useTranslation } from 'react-i18next';
import { useWords } from '../layout/words.ts';

interface CalledPanelProps {
  readonly place: QueuePlace;
  readonly appointment: Appointment | undefined;
}

/** Legible from two metres: the turn has come. */
export function CalledPanel({ place, appointment }: CalledPanelProps) {
  const { t } = useTranslation(['resident', 'common']);
  const words = useWords();
  const called = place.state === 'called';
  const clinic = appointment?.clinic;
  // Whoever calls is known, also to people from a pool.
  const named = {
    specialist: place.specialistName ?? '',
    clinic: clinic ? words.pick(clinic.name) : t('waiting.clinic'),
  };
  const Icon = called ? PhoneCall : Video;
  return (
    <>
      <section className="w-panel w-panel--called" role="alert" data-testid="waiting-panel" data-state={place.state}>
        <Icon className="w-panel__icon" aria-hidden />
        <p className="w-panel__big">{t(`common:queue.state.${place.state}`)}</p>
        <p className="w-panel__line">{t(called ? 'waiting.calledGo' : 'waiting.servingNow', named)}</p>
        <p className="w-panel__ticket">
          {t('waiting.yourNumber')} <strong data-testid="ticket-number">{place.ticketNumber}</strong>
        </p>
      </section>
      <p className="r-lead">{t(called ? 'waiting.calledMissed' : 'waiting.servingDropped')}</p>
    </>
  );
}
