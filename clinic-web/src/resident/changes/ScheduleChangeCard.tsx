import type { AppError, SlotId } from '@cloud-hospital/protocol';
import type { Appointment, Proposal } from '@cloud-hospital/protocol/rest';
import { ErrorNote } from '@cloud-hospital/ui';
import { useApi } from '@cloud-hospital/ui/api';
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { CalendarX2 } from 'lucide-react';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { useNavigate } from 'react-router';
import { QueryState } from '../layout/QueryState.tsx';
import { useWords } from '../layout/words.ts';
import './changes.css';

/**
 * The specialist can't keep a booked time: what happened, and each way out one tap away. Nothing is cancelled until the
 * resident says so.
 */
export function ScheduleChangeCard({ appointment }: { readonly appointment: Appointment }) {
  const { t } = useTranslation(['resident', 'common']);
  const { query } = useApi();
  const queryClient = useQueryClient();
  const navigate = useNavigate();
  const words = useWords();
  const { appointmentId, scheduleChange, specialist, start } = appointment;
  const change = useQuery(
    query.scheduleChanges.get.queryOptions({ input: { appointmentId }, refetchInterval: 30_000 }),
  );
  const answer = useMutation(
    query.scheduleChanges.answer.mutationOptions({
      onSuccess: (answered) => {
        if (answered.status === 'accepted') void navigate(`/appointments/${answered.appointmentId}?moved`);
      },
      // Taken meanwhile: the next nearest come with the answer to this.
      onSettled: () =>
        Promise.all([
          queryClient.invalidateQueries({ queryKey: query.appointments.key() }),
          queryClient.invalidateQueries({ queryKey: query.scheduleChanges.key() }),
        ]),
    }),
  );
  if (scheduleChange === null) return null;
  return (
    <section
      className="r-next r-next--attention s-change"
      data-testid="schedule-change"
      aria-labelledby={appointmentId}
    >
      <p className="r-next__label s-change__label">
        <CalendarX2 className="ch-icon" aria-hidden />
        {t('changed.label')}
      </p>
      <h2 id={appointmentId} className="s-change__title r-keep">
        {t('changed.title', { specialist: words.specialist(specialist), time: words.dayTime(start) })}
      </h2>
      <p>{t('changed.lead', { time: words.dayTime(scheduleChange.answerBy) })}</p>
      {answer.isError ? <AnswerError error={answer.error} /> : null}
      <QueryState query={change}>
        {({ proposals }) => (
          <Ways
            proposals={proposals}
            busy={answer.isPending}
            onAccept={(slotId) => answer.mutate({ appointmentId, answer: { kind: 'accept', slotId } })}
            onDecline={() => answer.mutate({ appointmentId, answer: { kind: 'decline' } })}
          />
        )}
      </QueryState>
    </section>
  );
}

/** Somebody else was faster; what is offered now is already below. */
function AnswerError({ error }: { readonly error: AppError }) {
  const { t } = useTranslation('resident');
  if (error.code !== 'SLOT_TAKEN') return <ErrorNote error={error} />;
  return (
    <p className="ch-note ch-note--attention" role="alert" data-error-code={error.code}>
      {t('changed.taken')}
    </p>
  );
}

interface WaysProps {
  readonly proposals: readonly Proposal[];
  readonly busy: boolean;
  readonly onAccept: (slotId: SlotId) => void;
  readonly onDecline: () => void;
}

function Ways({ proposals, busy, onAccept, onDecline }: WaysProps) {
  const { t } = useTranslation('resident');
  const words = useWords();
  const [declining, setDeclining] = useState(false);
  const substitute = proposals.find(({ kind }) => kind === 'substitute');
  const others = proposals.filter(({ kind }) => kind === 'other-time');
  return (
    <>
      {substitute === undefined ? null : (
        <div className="s-change__way">
          <p className="r-muted">{t('changed.substitute')}</p>
          <button
            type="button"
            className="r-primary s-change__choice"
            disabled={busy}
            onClick={() => onAccept(substitute.slotId)}
            data-testid="take-substitute"
          >
            <span className="s-change__when">{words.dayTime(substitute.start)}</span>
            <span>
              {words.specialistTitled(substitute.specialist)} · {words.pick(substitute.specialist.hospital.name)}
            </span>
          </button>
        </div>
      )}
      {others.length === 0 ? null : (
        <div className="s-change__way">
          <p className="r-muted">{t('changed.otherTimes')}</p>
          {others.map(({ slotId, start, specialist }) => (
            <button
              key={slotId}
              type="button"
              className="r-secondary r-wide s-change__choice"
              disabled={busy}
              onClick={() => onAccept(slotId)}
              data-testid="take-other-time"
            >
              <span className="s-change__when">{words.dayTime(start)}</span>
              <span>{words.specialistTitled(specialist)}</span>
            </button>
          ))}
        </div>
      )}
      {proposals.length === 0 ? <p className="r-next__line">{t('changed.nothing')}</p> : null}
      {declining ? (
        <div className="s-change__way">
          <p>{t('changed.declineSure')}</p>
          <button
            type="button"
            className="r-secondary r-secondary--danger r-wide"
            disabled={busy}
            onClick={onDecline}
            data-testid="decline-confirm"
          >
            {t('cancel.confirm')}
          </button>
          <button type="button" className="r-plain" disabled={busy} onClick={() => setDeclining(false)}>
            {t('cancel.keep')}
          </button>
        </div>
      ) : (
        <button
          type="button"
          className="r-plain"
          disabled={busy}
          onClick={() => setDeclining(true)}
          data-testid="decline-proposals"
        >
          {t('changed.decline')}
        </button>
      )}
    </>
  );
}
