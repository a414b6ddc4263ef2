import type { AppointmentId } from '@cloud-hospital/protocol';
import type { Proposal, ScheduleChangeAnswered, WorklistItem } from '@cloud-hospital/protocol/rest';
import { ErrorNote, formatDay, formatTime, formatWeekday } from '@cloud-hospital/ui';
import { useApi } from '@cloud-hospital/ui/api';
import { useLocale, usePick } from '@cloud-hospital/ui/i18n';
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { CalendarX2 } from 'lucide-react';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { Busy } from '../controls/Busy.tsx';

interface ChangedTimeProps {
  readonly item: WorklistItem;
  readonly appointmentId: AppointmentId;
  readonly onAnswered: (answered: ScheduleChangeAnswered) => void;
}

/** The specialist can't keep the time: staff ask the resident and touch what they choose. Recorded as given by staff. */
export function ChangedTime({ item, appointmentId, onAnswered }: ChangedTimeProps) {
  const { t } = useTranslation(['terminal', 'common']);
  const { query } = useApi();
  const queryClient = useQueryClient();
  const change = useQuery(
    query.scheduleChanges.get.queryOptions({ input: { appointmentId }, refetchInterval: 30_000 }),
  );
  const answer = useMutation(
    query.scheduleChanges.answer.mutationOptions({
      onSuccess: onAnswered,
      onSettled: () =>
        Promise.all([
          queryClient.invalidateQueries({ queryKey: query.clinic.worklist.key() }),
          queryClient.invalidateQueries({ queryKey: query.scheduleChanges.key() }),
        ]),
    }),
  );
  const [declining, setDeclining] = useState(false);
  const accept = ({ slotId }: Proposal) => answer.mutate({ appointmentId, answer: { kind: 'accept', slotId } });
  return (
    <section className="t-changed" data-testid="schedule-change" aria-labelledby="changed-title">
      <h2 id="changed-title" className="t-changed__title">
        <CalendarX2 className="ch-icon" aria-hidden />
        {t('changed.title', { specialist: item.specialist?.name ?? '' })}
      </h2>
      <p>{t('changed.lead', { name: item.patient.name })}</p>
      {answer.isError ? (
        answer.error.code === 'SLOT_TAKEN' ? (
          <p className="ch-note ch-note--attention" role="alert">
            {t('changed.taken')}
          </p>
        ) : (
          <ErrorNote error={answer.error} />
        )
      ) : null}
      {change.isError ? <ErrorNote error={change.error} onRetry={() => void change.refetch()} /> : null}
      {change.isPending ? <Busy>{t('common:state.loading')}</Busy> : null}
      {change.data?.proposals.length === 0 ? <p className="t-hint">{t('changed.nothing')}</p> : null}
      <div className="t-changed__ways">
        {change.data?.proposals.map((proposal) => (
          <Way key={proposal.slotId} proposal={proposal} busy={answer.isPending} onTake={accept} />
        ))}
      </div>
      {declining ? (
        <div className="t-changed__ways">
          <button
            type="button"
            className="t-primary t-primary--danger"
            disabled={answer.isPending}
            onClick={() => answer.mutate({ appointmentId, answer: { kind: 'decline' } })}
            data-testid="decline-confirm"
          >
            {t('changed.declineConfirm')}
          </button>
          <button type="button" className="t-secondary" onClick={() => setDeclining(false)}>
            {t('changed.keep')}
          </button>
        </div>
      ) : (
        <button type="button" className="t-plain" onClick={() => setDeclining(true)} data-testid="decline-proposals">
          {t('changed.decline')}
        </button>
      )}
    </section>
  );
}

interface WayProps {
  readonly proposal: Proposal;
  readonly busy: boolean;
  readonly onTake: (proposal: Proposal) => void;
}

function Way({ proposal, busy, onTake }: WayProps) {
  const { t } = useTranslation('terminal');
  const locale = useLocale();
  const pick = usePick();
  const { kind, start, specialist } = proposal;
  const isSubstitute = kind === 'substitute';
  return (
    <button
      type="button"
      className={`${isSubstitute ? 't-primary' : 't-secondary'} t-changed__way`}
      disabled={busy}
      onClick={() => onTake(proposal)}
      data-testid={isSubstitute ? 'take-substitute' : 'take-other-time'}
    >
      <strong>
        {formatDay(start, locale)} {formatWeekday(start, locale)} {formatTime(start, locale)}
      </strong>
      <span>
        {specialist.name} {pick(specialist.title)}
        {isSubstitute ? ` · ${t('changed.substitute')}` : ''}
      </span>
    </button>
  );
}
