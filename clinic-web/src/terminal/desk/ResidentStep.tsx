import type { Appointment, PatientRef } from '@cloud-hospital/protocol/rest';
import { ErrorNote, formatDay, formatTime, formatWeekday } from '@cloud-hospital/ui';
import { useApi } from '@cloud-hospital/ui/api';
import { useLocale, usePick } from '@cloud-hospital/ui/i18n';
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { CalendarPlus } from 'lucide-react';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { Busy } from '../controls/Busy.tsx';
import { Scroll } from '../controls/Scroll.tsx';
import type { DeskDraft } from '../work/Drafts.tsx';
import { FamilySection } from './FamilySection.tsx';
import { NoShowSection } from './NoShowSection.tsx';

interface ResidentStepProps {
  readonly patient: PatientRef;
  readonly identityNumber: string;
  readonly onChange: (patch: Partial<DeskDraft>) => void;
}

/** Everything about one resident that this clinic's desk can do. */
export function ResidentStep({ patient, identityNumber, onChange }: ResidentStepProps) {
  const { t } = useTranslation(['people', 'common']);
  const { patientId } = patient;
  return (
    <div className="t-task">
      <Scroll className="t-task__body t-desk" label={patient.name}>
        <p className="t-hint">
          {t(`common:gender.${patient.gender}`)} · {t('desk.born', { age: patient.age })} · {patient.identityMasked}
          {patient.phoneMasked === '' ? '' : ` · ${t('desk.phone', { phone: patient.phoneMasked })}`}
        </p>
        <section className="t-desk__section">
          <h2 className="t-heading-2">{t('desk.appointments')}</h2>
          <Ahead patientId={patientId} onMove={(moving) => onChange({ step: 'time', ...startOf(moving) })} />
        </section>
        <NoShowSection patientId={patientId} />
        <FamilySection identityNumber={identityNumber} />
      </Scroll>
      <button
        type="button"
        className="t-primary"
        onClick={() =>
          onChange({ step: 'time', moving: null, departmentCode: null, practitionerRoleId: null, hold: null })
        }
        data-testid="desk-book"
      >
        <CalendarPlus className="ch-icon" aria-hidden />
        {t('desk.book')}
      </button>
    </div>
  );
}

const startOf = (moving: Appointment): Partial<DeskDraft> => ({
  moving,
  departmentCode: moving.specialist.departmentCode,
  practitionerRoleId: moving.specialist.practitionerRoleId,
  hold: null,
});

interface AheadProps {
  readonly patientId: PatientRef['patientId'];
  readonly onMove: (appointment: Appointment) => void;
}

/** The list is this clinic's: other clinics' appointments are not in it. */
function Ahead({ patientId, onMove }: AheadProps) {
  const { t } = useTranslation(['people', 'common']);
  const { query } = useApi();
  // Forgotten with the step: what was moved meanwhile is another appointment, and nobody may press on the old one.
  const list = useQuery(query.appointments.list.queryOptions({ staleTime: 0, gcTime: 0 }));
  if (list.isLoadingError) return <ErrorNote error={list.error} onRetry={() => void list.refetch()} />;
  if (list.data === undefined) return <Busy>{t('common:state.loading')}</Busy>;
  const ahead = list.data.appointments
    .filter(({ patient, status }) => patient.patientId === patientId && status === 'booked')
    .toSorted((a, b) => Date.parse(a.start) - Date.parse(b.start));
  if (ahead.length === 0) return <p className="t-hint">{t('desk.noAppointments')}</p>;
  return (
    <ul className="t-desk__rows">
      {ahead.map((appointment) => (
        <AppointmentRow key={appointment.appointmentId} appointment={appointment} onMove={onMove} />
      ))}
    </ul>
  );
}

interface AppointmentRowProps {
  readonly appointment: Appointment;
  readonly onMove: (appointment: Appointment) => void;
}

function AppointmentRow({ appointment, onMove }: AppointmentRowProps) {
  const { t } = useTranslation(['people', 'common', 'terminal']);
  const { query } = useApi();
  const queryClient = useQueryClient();
  const locale = useLocale();
  const pick = usePick();
  const [asking, setAsking] = useState(false);
  const { appointmentId, version, start, specialist, ticketNumber, phone } = appointment;
  const time = `${formatDay(start, locale)} ${formatWeekday(start, locale)} ${formatTime(start, locale)}`;
  const cancel = useMutation(
    query.appointments.cancel.mutationOptions({
      onSettled: () => queryClient.invalidateQueries({ queryKey: query.appointments.key() }),
    }),
  );
  return (
    <li className="t-desk__row" data-testid="desk-appointment">
      <p className="t-desk__words">
        {asking ? (
          t('desk.cancelAsk', { time, specialist: specialist.name })
        ) : (
          <>
            <strong>{time}</strong> {pick(specialist.departmentName)} {specialist.name} · {ticketNumber}
            {phone.chosen ? ` · ${t('terminal:list.byPhone')}` : ''}
          </>
        )}
      </p>
      {cancel.isError ? <ErrorNote error={cancel.error} /> : null}
      <div className="t-desk__actions">
        {asking ? (
          <>
            <button type="button" className="t-secondary" onClick={() => setAsking(false)}>
              {t('desk.cancelKeep')}
            </button>
            <button
              type="button"
              className="t-primary t-primary--danger"
              disabled={cancel.isPending}
              onClick={() => cancel.mutate({ appointmentId, version, reason: 'staff-request' })}
              data-testid="desk-cancel-sure"
            >
              {t('desk.cancelSure')}
            </button>
          </>
        ) : (
          <>
            <button type="button" className="t-secondary" onClick={() => onMove(appointment)} data-testid="desk-move">
              {t('desk.move')}
            </button>
            <button type="button" className="t-secondary" onClick={() => setAsking(true)} data-testid="desk-cancel">
              {t('desk.cancel')}
            </button>
          </>
        )}
      </div>
    </li>
  );
}
