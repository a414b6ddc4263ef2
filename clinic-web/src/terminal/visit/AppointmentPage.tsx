import type { ScheduleChangeAnswered, WorklistItem } from '@cloud-hospital/protocol/rest';
import { ErrorNote, formatDateTime } from '@cloud-hospital/ui';
import { useLocale } from '@cloud-hospital/ui/i18n';
import { CircleCheck, UserCheck } from 'lucide-react';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { Navigate, useNavigate, useParams } from 'react-router';
import { Busy } from '../controls/Busy.tsx';
import { Scroll } from '../controls/Scroll.tsx';
import { Toggle } from '../controls/Toggle.tsx';
import { useWorklist } from '../work/useWorklist.ts';
import { ChangedTime } from './ChangedTime.tsx';
import { NextAction } from './NextAction.tsx';
import { nextStep } from './nextStep.ts';
import { PersonHeader } from './PersonHeader.tsx';
import { StalePerson } from './StalePerson.tsx';
import { Steps } from './Steps.tsx';
import { useCheckIn } from './useVisit.ts';

/** Somebody who has booked and not come yet: check in by name, with or without having seen the card. */
export function AppointmentPage() {
  const { appointmentId } = useParams();
  const worklist = useWorklist();
  const { t } = useTranslation();
  const item = worklist.data?.items.find((one) => one.appointmentId === appointmentId);
  if (item === undefined) return worklist.isPending ? <Busy>{t('state.loading')}</Busy> : <StalePerson />;
  // Checked in elsewhere, or just now: the visit goes on there.
  if (item.encounterId !== null) return <Navigate to={`/visits/${item.encounterId}`} replace />;
  return <Booked key={appointmentId} item={item} />;
}

function Booked({ item }: { readonly item: WorklistItem }) {
  const { t } = useTranslation('terminal');
  const navigate = useNavigate();
  const checkIn = useCheckIn();
  const [identityVerified, setIdentityVerified] = useState(false);
  const next = nextStep({ ...item, vitalsSkipped: false });
  const { appointmentId } = item;
  const start = () => {
    if (appointmentId === null) return;
    checkIn.mutate(
      { by: 'name', appointmentId, identityVerified },
      { onSuccess: ({ encounterId }) => void navigate(`/visits/${encounterId}`, { replace: true }) },
    );
  };
  const [answered, setAnswered] = useState<ScheduleChangeAnswered | null>(null);
  const asks = item.answerNeeded && appointmentId !== null;
  const isOpen = next === 'check-in' && !asks;
  return (
    <article className="t-pane" data-testid="appointment-page">
      <PersonHeader {...item} back="/" />
      <Steps next={next} />
      <Scroll className="t-pane__body" label={item.patient.name}>
        {asks ? <ChangedTime item={item} appointmentId={appointmentId} onAnswered={setAnswered} /> : null}
        {answered === null ? null : <Answered answered={answered} />}
        <dl className="t-facts">
          <dt>{t('person.complaint')}</dt>
          <dd className="t-facts__running">{item.complaint}</dd>
          <dt>{t('person.phone')}</dt>
          <dd>{item.patient.phoneMasked}</dd>
        </dl>
        {isOpen ? (
          <Toggle
            checked={identityVerified}
            onChange={setIdentityVerified}
            label={t('checkIn.identityVerified')}
            hint={t('checkIn.identityVerifiedHint')}
            testId="identity-verified"
          />
        ) : null}
        {checkIn.isError ? <ErrorNote error={checkIn.error} onRetry={start} /> : null}
      </Scroll>
      <NextAction
        hint={t(
          asks
            ? 'next.hint.changed'
            : isOpen
              ? 'next.hint.check-in'
              : item.status === 'noshow'
                ? 'next.hint.noshow'
                : 'next.hint.cancelled',
        )}
        primary={
          isOpen ? (
            <button
              type="button"
              className="t-primary"
              onClick={start}
              disabled={checkIn.isPending}
              data-testid="next-check-in"
            >
              <UserCheck className="ch-icon" aria-hidden />
              {t('next.check-in')}
            </button>
          ) : undefined
        }
      />
    </article>
  );
}

function Answered({ answered }: { readonly answered: ScheduleChangeAnswered }) {
  const { t } = useTranslation('terminal');
  const locale = useLocale();
  return (
    <p className="ch-note ch-note--good" role="status" data-testid="change-answered">
      <CircleCheck className="ch-note__icon" aria-hidden />
      {answered.status === 'accepted'
        ? t('changed.moved', { time: formatDateTime(answered.start, locale) })
        : t('changed.cancelled')}
    </p>
  );
}
