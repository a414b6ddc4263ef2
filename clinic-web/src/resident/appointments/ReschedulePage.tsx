import { AppointmentId, type SlotId } from '@cloud-hospital/protocol';
import type { Appointment, Slot } from '@cloud-hospital/protocol/rest';
import { ErrorNote } from '@cloud-hospital/ui';
import { useApi } from '@cloud-hospital/ui/api';
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { ArrowDown } from 'lucide-react';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { Link, Navigate, useNavigate, useParams } from 'react-router';
import '../booking/booking.css';
import { TakeSlotError } from '../booking/TakeSlotError.tsx';
import { Times } from '../booking/Times.tsx';
import { Page } from '../layout/Page.tsx';
import { QueryState } from '../layout/QueryState.tsx';
import { useWords } from '../layout/words.ts';
import { NotFoundPage } from '../NotFoundPage.tsx';
import './appointments.css';

/** Another time for what is booked: choose it, see old and new side by side, one press. */
export function ReschedulePage() {
  const appointmentId = AppointmentId.safeParse(useParams()['appointmentId']);
  return appointmentId.success ? <Loaded appointmentId={appointmentId.data} /> : <NotFoundPage />;
}

function Loaded({ appointmentId }: { readonly appointmentId: AppointmentId }) {
  const { t } = useTranslation('resident');
  const { query } = useApi();
  const appointment = useQuery(query.appointments.get.queryOptions({ input: { appointmentId } }));
  const [slot, setSlot] = useState<Slot | null>(null);
  const ticket = `/appointments/${appointmentId}`;
  // It ended, was moved already, or it is too late: the ticket's page says which.
  if (appointment.data !== undefined && appointment.data.changeableUntil === null)
    return <Navigate to={ticket} replace />;
  return (
    <Page
      key={slot === null ? 'choose' : 'confirm'}
      title={t(slot === null ? 'reschedule.title' : 'reschedule.confirmTitle')}
      lead={t(slot === null ? 'reschedule.lead' : 'reschedule.confirmLead')}
      back={slot === null ? ticket : () => setSlot(null)}
    >
      <QueryState query={appointment}>
        {(data) =>
          slot === null ? (
            <Choose appointment={data} onChoose={setSlot} />
          ) : (
            <Confirm appointment={data} slot={slot} onBack={() => setSlot(null)} />
          )
        }
      </QueryState>
    </Page>
  );
}

interface ChooseProps {
  readonly appointment: Appointment;
  readonly onChoose: (slot: Slot) => void;
}

function Choose({ appointment: { specialist, clinic, start }, onChoose }: ChooseProps) {
  const { t } = useTranslation('resident');
  const { query } = useApi();
  const words = useWords();
  const slots = useQuery(
    query.directory.slots.queryOptions({
      input: {
        practitionerRoleId: specialist.practitionerRoleId,
        ...(clinic === null ? {} : { locationId: clinic.locationId }),
      },
      staleTime: 5_000,
      refetchInterval: 30_000,
    }),
  );
  return (
    <>
      <div className="r-card a-move r-keep">
        <p className="r-muted">{t('reschedule.now')}</p>
        <p className="r-row__title">{words.dayTime(start)}</p>
        <p>{words.departmentAndSpecialist(specialist)}</p>
      </div>
      <QueryState query={slots}>
        {(data) => (
          <Times
            days={data.days}
            heldStart={undefined}
            choosing={null}
            onChoose={(slotId) => {
              const slot = data.days.flatMap((day) => day.slots).find((one) => one.slotId === slotId);
              if (slot !== undefined) onChoose(slot);
            }}
          />
        )}
      </QueryState>
    </>
  );
}

interface ConfirmProps {
  readonly appointment: Appointment;
  readonly slot: Slot;
  readonly onBack: () => void;
}

function Confirm({ appointment, slot, onBack }: ConfirmProps) {
  const { t } = useTranslation(['resident', 'common']);
  const { query } = useApi();
  const queryClient = useQueryClient();
  const navigate = useNavigate();
  const words = useWords();
  const { appointmentId, version, specialist, clinic } = appointment;
  const move = useMutation(
    query.appointments.reschedule.mutationOptions({
      onSuccess: async (moved) => {
        queryClient.setQueryData(
          query.appointments.get.queryKey({ input: { appointmentId: moved.appointmentId } }),
          moved,
        );
        await navigate(`/appointments/${moved.appointmentId}?moved`, { replace: true });
      },
      onSettled: () =>
        Promise.all([
          queryClient.invalidateQueries({ queryKey: query.appointments.list.key() }),
          queryClient.invalidateQueries({ queryKey: query.directory.slots.key() }),
        ]),
    }),
  );
  const moveTo = (slotId: SlotId) => {
    if (!move.isPending) move.mutate({ appointmentId, version, slotId });
  };
  return (
    <>
      <div className="r-card a-move r-keep" data-testid="move-summary">
        <p className="r-muted">{t('reschedule.from')}</p>
        <p className="a-move__old">{words.dayTime(appointment.start)}</p>
        <ArrowDown className="ch-icon a-move__arrow" aria-hidden />
        <p className="r-muted">{t('reschedule.to')}</p>
        <p className="a-move__new">{words.dayTime(slot.start)}</p>
        <p>
          {words.departmentAndSpecialist(specialist)}
          {clinic === null ? '' : ` · ${words.place(appointment)}`}
        </p>
        {slot.clinicLoad?.full === true && !appointment.phone.chosen ? (
          <p className="b-load b-load--full">{t('load.full', { count: slot.clinicLoad.inHour })}</p>
        ) : null}
      </div>
      <p className="r-muted">{t('reschedule.newTicket')}</p>
      {move.isError ? (
        move.error.code === 'SLOT_TAKEN' ? (
          <TakeSlotError error={move.error} onChoose={moveTo} />
        ) : (
          <ErrorNote error={move.error} />
        )
      ) : null}
      <button type="button" className="r-plain" disabled={move.isPending} onClick={onBack}>
        {t('reschedule.other')}
      </button>
      <Link to={`/appointments/${appointmentId}`} className="r-plain">
        {t('reschedule.keep')}
      </Link>
      <div className="r-bar">
        <button
          type="button"
          className="r-primary"
          disabled={move.isPending}
          onClick={() => moveTo(slot.slotId)}
          data-testid="move-confirm"
        >
          {move.isPending ? t('common:state.sending') : t('reschedule.confirm')}
        </button>
      </div>
    </>
  );
}
