import { AppointmentId } from '@cloud-hospital/protocol';
import type { Appointment } from '@cloud-hospital/protocol/rest';
import { ErrorNote } from '@cloud-hospital/ui';
import { useApi } from '@cloud-hospital/ui/api';
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { Navigate, useNavigate, useParams } from 'react-router';
import { Page } from '../layout/Page.tsx';
import { QueryState } from '../layout/QueryState.tsx';
import { useWords } from '../layout/words.ts';
import { Tick } from '../layout/Tick.tsx';
import { NotFoundPage } from '../NotFoundPage.tsx';
import './phoneVisit.css';

/** What is agreed to before a visit by phone, read here, and the check-in. */
export function PhoneCheckInPage() {
  const appointmentId = AppointmentId.safeParse(useParams()['appointmentId']);
  return appointmentId.success ? <Loaded appointmentId={appointmentId.data} /> : <NotFoundPage />;
}

function Loaded({ appointmentId }: { readonly appointmentId: AppointmentId }) {
  const { t } = useTranslation('phoneVisit');
  const { query } = useApi();
  const appointment = useQuery(query.appointments.get.queryOptions({ input: { appointmentId } }));
  return (
    <Page title={t('checkIn.title')} lead={t('checkIn.lead')} back={`/appointments/${appointmentId}`}>
      <QueryState query={appointment}>{(data) => <CheckIn appointment={data} />}</QueryState>
    </Page>
  );
}

function CheckIn({ appointment }: { readonly appointment: Appointment }) {
  const { t } = useTranslation(['phoneVisit', 'common']);
  const { query } = useApi();
  const queryClient = useQueryClient();
  const navigate = useNavigate();
  const words = useWords();
  const [recording, setRecording] = useState(false);
  const { appointmentId, specialist, clinic, phone, status, queueEntryId } = appointment;
  const checkIn = useMutation(
    query.appointments.checkInByPhone.mutationOptions({
      onSuccess: async (checkedIn) => {
        queryClient.setQueryData(query.appointments.get.queryKey({ input: { appointmentId } }), checkedIn);
        await queryClient.invalidateQueries({ queryKey: query.appointments.list.key() });
        if (checkedIn.queueEntryId !== null) await navigate(`/waiting/${checkedIn.queueEntryId}`, { replace: true });
      },
    }),
  );
  if (status === 'checked-in' && queueEntryId !== null) return <Navigate to={`/waiting/${queueEntryId}`} replace />;
  if (status !== 'booked' || !phone.chosen) return <Navigate to={`/appointments/${appointmentId}`} replace />;
  const named = {
    hospital: words.pick(specialist.hospital.name),
    department: words.pick(specialist.departmentName),
    specialist: words.specialistTitled(specialist),
    clinic: clinic === null ? '' : words.pick(clinic.name),
  };
  return (
    <>
      <section className="r-card p-consent" data-testid="phone-consent">
        <h2 className="r-section__title">{t('consent.title')}</h2>
        <p>{t('consent.text1', named)}</p>
        <p>{t('consent.text2', named)}</p>
        <p>{t('consent.text3')}</p>
        <p>{t('consent.text4')}</p>
        <p>{t('consent.text5', named)}</p>
      </section>
      <Tick
        label={t('consent.recording')}
        hint={t('consent.recordingText')}
        checked={recording}
        onChange={setRecording}
        testId="phone-recording"
      />
      {checkIn.isError ? <ErrorNote error={checkIn.error} /> : null}
      {/* At the end of what it agrees to, not over it. */}
      <button
        type="button"
        className="r-primary"
        disabled={checkIn.isPending}
        onClick={() => checkIn.mutate({ appointmentId, consultation: true, recording })}
        data-testid="phone-agree"
      >
        {checkIn.isPending ? t('common:state.sending') : t('checkIn.agree')}
      </button>
    </>
  );
}
