import type { Appointment, ClinicRef } from '@cloud-hospital/protocol/rest';
import { ErrorNote, formatDuration, useServerNow } from '@cloud-hospital/ui';
import { useApi } from '@cloud-hospital/ui/api';
import { useLocale } from '@cloud-hospital/ui/i18n';
import { useMutation, useQueryClient } from '@tanstack/react-query';
import { useTranslation } from 'react-i18next';
import { Navigate, useNavigate } from 'react-router';
import { useWords } from '../layout/words.ts';
import { stepPath } from './answers.ts';
import type { StepProps } from './StepProps.ts';
import { readComplaint } from './complaintDraft.ts';
import { HoldLost } from './HoldLost.tsx';
import { JoinWaitlist } from './JoinWaitlist.tsx';
import { SummaryLine } from './SummaryLine.tsx';
import { StepFrame } from './StepFrame.tsx';

/** Everything on one page, each line a way back to its question; one press books. */
export function ConfirmStep({ answers }: StepProps) {
  const { t } = useTranslation('resident');
  const { hold, clinic, params } = answers;
  const complaint = readComplaint().trim();
  if (complaint.length < 2) return <Navigate to={stepPath('complaint', params)} replace />;
  return (
    <StepFrame step="confirm" answers={answers} lead={hold === undefined ? undefined : t('booking.confirm.lead')}>
      {answers.waits && clinic !== undefined && answers.specialist !== undefined && answers.person !== undefined ? (
        <JoinWaitlist
          person={answers.person}
          specialist={answers.specialist}
          clinic={clinic}
          complaint={complaint}
          params={params}
        />
      ) : hold === undefined || clinic === undefined ? (
        <HoldLost answers={answers} />
      ) : (
        <Confirm hold={hold} clinic={clinic} complaint={complaint} byPhone={answers.byPhone} params={params} />
      )}
    </StepFrame>
  );
}

interface ConfirmProps {
  readonly hold: Appointment;
  readonly clinic: ClinicRef;
  readonly complaint: string;
  readonly byPhone: boolean;
  readonly params: URLSearchParams;
}

function Confirm({ hold, clinic, complaint, byPhone, params }: ConfirmProps) {
  const { t } = useTranslation(['resident', 'common']);
  const { query } = useApi();
  const queryClient = useQueryClient();
  const navigate = useNavigate();
  const words = useWords();
  const { appointmentId, version, specialist, patient } = hold;
  const refetchList = () => queryClient.invalidateQueries({ queryKey: query.appointments.list.key() });

  const confirm = useMutation(
    query.appointments.confirm.mutationOptions({
      // The ticket's page forgets the complaint: without it this page would lead back to its question.
      onSuccess: async (appointment) => {
        queryClient.setQueryData(query.appointments.get.queryKey({ input: { appointmentId } }), appointment);
        await navigate(`/appointments/${appointmentId}?booked`, { replace: true });
      },
      onSettled: refetchList,
    }),
  );
  const release = useMutation(
    query.appointments.cancel.mutationOptions({
      onSuccess: async () => {
        await refetchList();
        await navigate('/');
      },
    }),
  );
  const busy = confirm.isPending || release.isPending;
  return (
    <>
      <CutOffNote hold={hold} />
      <dl className="r-card b-summary r-keep">
        <SummaryLine step="time" params={params} strong>
          {words.dayTime(hold.start)}
        </SummaryLine>
        <SummaryLine step="specialist" params={params}>
          {words.specialistTitled(specialist)}
          <span className="r-muted r-small">{words.pick(specialist.departmentName)}</span>
          <span className="r-muted r-small">{words.pick(specialist.hospital.name)}</span>
        </SummaryLine>
        <SummaryLine step="clinic" params={params}>
          {words.place({ clinic, phone: { ...hold.phone, chosen: byPhone } })}
          <span className="r-muted r-small">{clinic.address}</span>
        </SummaryLine>
        <SummaryLine step="complaint" params={params}>
          <span className="b-clamp">{complaint}</span>
        </SummaryLine>
        <div className="b-summary__line">
          <dt>{t('booking.confirm.who')}</dt>
          <dd data-testid="confirm-patient">
            {patient.name}
            <span className="r-muted r-small">{patient.identityMasked}</span>
          </dd>
        </div>
      </dl>
      <button
        type="button"
        className="r-plain"
        disabled={busy}
        onClick={() => release.mutate({ appointmentId, version, reason: 'hold-released' })}
        data-testid="release"
      >
        {t('booking.confirm.release')}
      </button>
      {confirm.isError ? <ErrorNote error={confirm.error} /> : null}
      {release.isError ? <ErrorNote error={release.error} /> : null}
      <div className="r-bar">
        <button
          type="button"
          className="r-primary"
          disabled={busy}
          onClick={() => confirm.mutate({ appointmentId, version, locationId: clinic.locationId, complaint, byPhone })}
          data-testid="confirm"
        >
          {confirm.isPending ? t('common:state.sending') : t('booking.confirm.confirm')}
        </button>
      </div>
    </>
  );
}

const MINUTE_MS = 60_000;

/** What is booked for soon can't be given back online: better said before than after. */
function CutOffNote({ hold }: { readonly hold: Appointment }) {
  const { t } = useTranslation('resident');
  const locale = useLocale();
  const { start, changeCutoffMinutes } = hold;
  const now = useServerNow(30_000);
  if (Date.parse(start) - now > changeCutoffMinutes * MINUTE_MS) return null;
  return (
    <p className="b-soon" data-testid="cut-off-note">
      {t('booking.confirm.soon', { duration: formatDuration(changeCutoffMinutes, locale) })}
    </p>
  );
}
