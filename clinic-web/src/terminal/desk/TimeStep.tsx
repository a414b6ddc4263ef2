import type { LocalDate, SlotId } from '@cloud-hospital/protocol';
import type { Appointment, PatientRef, SlotDay } from '@cloud-hospital/protocol/rest';
import { ErrorNote, formatDay, formatTime, formatWeekday, noonOf } from '@cloud-hospital/ui';
import { useApi } from '@cloud-hospital/ui/api';
import { useLocale, usePick } from '@cloud-hospital/ui/i18n';
import { skipToken, useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { type SubmitEvent, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { Busy } from '../controls/Busy.tsx';
import { Choice } from '../controls/Choice.tsx';
import { ComplaintField } from '../controls/ComplaintField.tsx';
import { Scroll } from '../controls/Scroll.tsx';
import type { DeskDraft } from '../work/Drafts.tsx';

interface TimeStepProps {
  readonly draft: DeskDraft;
  readonly patient: PatientRef;
  readonly onChange: (patch: Partial<DeskDraft>) => void;
}

const MIN_COMPLAINT = 2;

/** Department, specialist, day, time: four touches. Touching a time keeps it while the complaint is written. */
export function TimeStep({ draft, patient, onChange }: TimeStepProps) {
  const { t } = useTranslation(['people', 'common', 'terminal']);
  const { moving, departmentCode, practitionerRoleId } = draft;
  const locale = useLocale();
  return (
    <div className="t-task">
      <Scroll className="t-task__body t-desk" label={t('desk.stepTime')}>
        {moving === null ? null : (
          <p className="t-lead">
            {t('desk.moveLead', { time: `${formatDay(moving.start, locale)} ${formatTime(moving.start, locale)}` })}
          </p>
        )}
        <Department draft={draft} onChange={onChange} />
        {departmentCode === null ? null : <Specialist draft={draft} onChange={onChange} />}
        {practitionerRoleId === null ? null : <Times draft={draft} patient={patient} onChange={onChange} />}
      </Scroll>
      {practitionerRoleId === null ? (
        <button type="button" className="t-secondary" onClick={() => onChange({ step: 'resident' })}>
          {t('common:action.back')}
        </button>
      ) : null}
    </div>
  );
}

interface AnswerProps {
  readonly label: string;
  readonly answer: string;
  readonly onAgain: () => void;
  readonly testId: string;
}

/** What was answered, folded away to one line. */
function Answer({ label, answer, onAgain, testId }: AnswerProps) {
  const { t } = useTranslation('people');
  return (
    <p className="t-walk-in__answer">
      <span className="t-hint">{label}</span>
      <strong>{answer}</strong>
      <button type="button" className="t-plain" onClick={onAgain} data-testid={testId}>
        {t('desk.change')}
      </button>
    </p>
  );
}

type PartProps = Pick<TimeStepProps, 'draft' | 'onChange'>;

function Department({ draft, onChange }: PartProps) {
  const { t } = useTranslation(['people', 'common']);
  const { query } = useApi();
  const pick = usePick();
  const departments = useQuery(query.directory.departments.queryOptions({ staleTime: Number.POSITIVE_INFINITY }));
  if (departments.isLoadingError)
    return <ErrorNote error={departments.error} onRetry={() => void departments.refetch()} />;
  if (departments.data === undefined) return <Busy>{t('common:state.loading')}</Busy>;
  const chosen = departments.data.departments.find(({ code }) => code === draft.departmentCode);
  if (chosen !== undefined) {
    return (
      <Answer
        label={t('desk.department')}
        answer={pick(chosen.name)}
        onAgain={() => onChange({ departmentCode: null, practitionerRoleId: null })}
        testId="desk-department-change"
      />
    );
  }
  return (
    <Choice
      name="desk-department"
      legend={t('desk.department')}
      columns={4}
      options={departments.data.departments.map(({ code, name }) => ({ value: code, label: pick(name) }))}
      value={draft.departmentCode}
      onChange={(departmentCode) => onChange({ departmentCode, practitionerRoleId: null })}
    />
  );
}

function Specialist({ draft, onChange }: PartProps) {
  const { t } = useTranslation(['people', 'common']);
  const { query } = useApi();
  const pick = usePick();
  const locale = useLocale();
  const { departmentCode, practitionerRoleId } = draft;
  const specialists = useQuery(
    query.directory.specialists.queryOptions({ input: departmentCode === null ? skipToken : { departmentCode } }),
  );
  if (specialists.isLoadingError)
    return <ErrorNote error={specialists.error} onRetry={() => void specialists.refetch()} />;
  if (specialists.data === undefined) return <Busy>{t('common:state.loading')}</Busy>;
  const list = specialists.data.specialists.toSorted(
    (a, b) => Date.parse(a.nextFree ?? '9999-12-31') - Date.parse(b.nextFree ?? '9999-12-31'),
  );
  const chosen = list.find((one) => one.practitionerRoleId === practitionerRoleId);
  const nameOf = (one: (typeof list)[number]) =>
    `${locale === 'en' && one.nameEn !== '' ? one.nameEn : one.name} ${pick(one.title)}`;
  if (chosen !== undefined) {
    return (
      <Answer
        label={t('desk.specialist')}
        answer={nameOf(chosen)}
        onAgain={() => onChange({ practitionerRoleId: null })}
        testId="desk-specialist-change"
      />
    );
  }
  return (
    <Choice
      name="desk-specialist"
      legend={t('desk.specialist')}
      options={list.map((one) => ({
        value: one.practitionerRoleId,
        label: nameOf(one),
        hint: (
          <>
            {one.nextFree === null
              ? t('desk.full')
              : t('desk.free', {
                  time: `${formatDay(one.nextFree, locale)} ${formatTime(one.nextFree, locale)}`,
                  count: one.freeSlots,
                })}
            <span className="t-walk-in__hospital">{pick(one.hospital.name)}</span>
          </>
        ),
      }))}
      value={practitionerRoleId}
      onChange={(next) => onChange({ practitionerRoleId: next })}
    />
  );
}

const freeOf = (day: SlotDay) => day.slots.filter(({ free }) => free);

function Times({ draft, patient, onChange }: TimeStepProps) {
  const { t } = useTranslation(['people', 'common']);
  const { client, query } = useApi();
  const queryClient = useQueryClient();
  const locale = useLocale();
  const [date, setDate] = useState<LocalDate | null>(null);
  const [wanted, setWanted] = useState<SlotId | null>(null);
  const [again, setAgain] = useState(false);
  const { practitionerRoleId, departmentCode, hold, moving } = draft;
  const specialists = useQuery(
    query.directory.specialists.queryOptions({ input: departmentCode === null ? skipToken : { departmentCode } }),
  );
  const chosen = specialists.data?.specialists.find((one) => one.practitionerRoleId === practitionerRoleId);
  const slots = useQuery(
    query.directory.slots.queryOptions({
      input: practitionerRoleId === null ? skipToken : { practitionerRoleId },
      staleTime: 0,
      refetchInterval: 30_000,
    }),
  );
  const take = useMutation({
    mutationFn: async (slotId: SlotId): Promise<Appointment> => {
      // The desk keeps one time at once: the earlier one may be in the way of the new one.
      if (hold !== null) {
        const { appointmentId, version } = hold;
        await client.appointments.cancel({ appointmentId, version, reason: 'hold-released' }).catch(reportError);
      }
      return client.appointments.hold({ slotId, patientId: patient.patientId });
    },
    onSuccess: (kept) => {
      onChange({ hold: kept });
      setAgain(false);
    },
    onSettled: () => queryClient.invalidateQueries({ queryKey: query.directory.slots.key() }),
  });
  // Folded away once chosen, so that what comes next is in sight.
  if (moving === null && hold !== null && !again) {
    return (
      <>
        <Answer
          label={t('desk.times')}
          answer={`${formatDay(hold.start, locale)} ${formatWeekday(hold.start, locale)} ${formatTime(hold.start, locale)}`}
          onAgain={() => setAgain(true)}
          testId="desk-time-change"
        />
        <Confirm draft={draft} hold={hold} onChange={onChange} />
      </>
    );
  }
  if (slots.isLoadingError) return <ErrorNote error={slots.error} onRetry={() => void slots.refetch()} />;
  if (slots.data === undefined) return <Busy>{t('common:state.loading')}</Busy>;
  const days = slots.data.days.filter((day) => freeOf(day).length > 0 || day.date === date);
  const day = days.find((one) => one.date === date) ?? days[0];
  if (day === undefined) return <p className="t-hint">{t('desk.noTimes')}</p>;
  const choose = (slotId: SlotId) => {
    setWanted(slotId);
    if (moving === null && !take.isPending) take.mutate(slotId);
  };
  const start = day.slots.find(({ slotId }) => slotId === wanted)?.start ?? null;
  return (
    <>
      <div className="t-desk__days" role="group" aria-label={t('desk.days')}>
        {days.map((one) => (
          <button
            key={one.date}
            type="button"
            className="t-desk__day"
            aria-pressed={one.date === day.date}
            onClick={() => setDate(one.date)}
          >
            <strong>{formatDay(noonOf(one.date), locale)}</strong>
            <span>{formatWeekday(noonOf(one.date), locale)}</span>
            <span className="t-hint">{t('desk.left', { count: freeOf(one).length })}</span>
          </button>
        ))}
      </div>
      {moving !== null && wanted !== null && start !== null ? (
        <Move
          moving={moving}
          toClinic={moving.phone.chosen && chosen?.phoneVisits === false}
          slotId={wanted}
          start={start}
          onMoved={(booked) => onChange({ step: 'done', booked })}
        />
      ) : null}
      <div className="t-desk__times" role="group" aria-label={t('desk.times')}>
        {day.slots
          .filter(({ free, slotId }) => free || slotId === wanted)
          .map(({ slotId, start: begins }) => (
            <button
              key={slotId}
              type="button"
              className="t-desk__time"
              aria-pressed={slotId === wanted}
              onClick={() => choose(slotId)}
              data-testid="desk-slot"
            >
              {formatTime(begins, locale)}
            </button>
          ))}
      </div>
      {take.isError ? <ErrorNote error={take.error} /> : null}
    </>
  );
}

interface MoveProps {
  readonly moving: Appointment;
  /** By phone so far, and no longer with this specialist. */
  readonly toClinic: boolean;
  readonly slotId: SlotId;
  readonly start: string;
  readonly onMoved: (appointment: Appointment) => void;
}

/** One press gives the old time up and takes the new one. */
function Move({ moving: { appointmentId, version }, toClinic, slotId, start, onMoved }: MoveProps) {
  const { t } = useTranslation(['people', 'common']);
  const { query } = useApi();
  const queryClient = useQueryClient();
  const locale = useLocale();
  const move = useMutation(
    query.appointments.reschedule.mutationOptions({
      onSuccess: onMoved,
      onSettled: () => queryClient.invalidateQueries({ queryKey: query.appointments.key() }),
    }),
  );
  return (
    <>
      {toClinic ? (
        <p className="ch-note ch-note--attention" role="status">
          {t('desk.movesToClinic')}
        </p>
      ) : null}
      {move.isError ? <ErrorNote error={move.error} /> : null}
      <button
        type="button"
        className="t-primary"
        disabled={move.isPending}
        onClick={() => move.mutate({ appointmentId, version, slotId })}
        data-testid="desk-move-confirm"
      >
        {t('desk.moveTo', { time: `${formatDay(start, locale)} ${formatTime(start, locale)}` })}
      </button>
    </>
  );
}

interface ConfirmProps extends PartProps {
  readonly hold: Appointment;
}

function Confirm({ draft: { complaint }, hold, onChange }: ConfirmProps) {
  const { t } = useTranslation(['people', 'common', 'terminal']);
  const { query } = useApi();
  const queryClient = useQueryClient();
  const locale = useLocale();
  const [tried, setTried] = useState(false);
  const missing = complaint.trim().length < MIN_COMPLAINT;
  const { appointmentId, version, clinic, holdExpiresAt } = hold;
  const confirm = useMutation(
    query.appointments.confirm.mutationOptions({
      onSuccess: (booked) => onChange({ step: 'done', booked, hold: null }),
      onSettled: () => queryClient.invalidateQueries({ queryKey: query.appointments.key() }),
    }),
  );
  const submit = (event: SubmitEvent) => {
    event.preventDefault();
    setTried(true);
    if (missing || clinic === null || confirm.isPending) return;
    confirm.mutate({ appointmentId, version, locationId: clinic.locationId, complaint: complaint.trim() });
  };
  return (
    <form className="t-desk__confirm" onSubmit={submit} noValidate>
      {holdExpiresAt === null ? null : (
        <p className="t-hint">{t('desk.kept', { time: formatTime(holdExpiresAt, locale) })}</p>
      )}
      <ComplaintField
        label={t('desk.complaint')}
        error={tried && missing ? t('desk.complaintMissing') : null}
        value={complaint}
        onChange={(typed) => onChange({ complaint: typed })}
        testId="desk-complaint"
      />
      {confirm.isError ? <ErrorNote error={confirm.error} /> : null}
      <button type="submit" className="t-primary" disabled={confirm.isPending} data-testid="desk-confirm">
        {t('desk.confirm')}
      </button>
    </form>
  );
}
