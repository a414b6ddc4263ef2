import type { LocalDate } from '@cloud-hospital/protocol';
import type { BookablePerson, ClinicRef, SpecialistRef } from '@cloud-hospital/protocol/rest';
import { ErrorNote, formatDay, formatWeekday, localDateOf, noonOf, serverClock } from '@cloud-hospital/ui';
import { useApi } from '@cloud-hospital/ui/api';
import { useMutation, useQueryClient } from '@tanstack/react-query';
import { useId, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { useNavigate } from 'react-router';
import { useWords } from '../layout/words.ts';
import { writeComplaint } from './complaintDraft.ts';
import { SummaryLine } from './SummaryLine.tsx';

const DAY_MS = 86_400_000;
const DAYS = 14;

/** Today and the days after it, as the booking window goes. */
const comingDays = (): LocalDate[] =>
  Array.from({ length: DAYS }, (_, index) => localDateOf(new Date(serverClock.now() + index * DAY_MS)));

interface JoinWaitlistProps {
  readonly person: BookablePerson;
  readonly specialist: SpecialistRef;
  readonly clinic: ClinicRef;
  readonly complaint: string;
  readonly params: URLSearchParams;
}

/** Everything an offer will need, asked now: later one press takes the time. */
export function JoinWaitlist({ person: { patientId }, specialist, clinic, complaint, params }: JoinWaitlistProps) {
  const { t } = useTranslation(['resident', 'common']);
  const { query } = useApi();
  const queryClient = useQueryClient();
  const navigate = useNavigate();
  const words = useWords();
  const [from, setFrom] = useState<LocalDate>('');
  const [to, setTo] = useState<LocalDate>('');
  const days = comingDays();
  const join = useMutation(
    query.waitlist.join.mutationOptions({
      onSuccess: async () => {
        writeComplaint('');
        await queryClient.invalidateQueries({ queryKey: query.waitlist.key() });
        await navigate('/?waiting', { replace: true });
      },
    }),
  );
  return (
    <>
      <div className="b-range">
        <DaySelect label={t('waitlist.from')} any={t('waitlist.anyDay')} days={days} value={from} onChange={setFrom} />
        <DaySelect
          label={t('waitlist.to')}
          any={t('waitlist.anyDay')}
          days={days.filter((day) => from === '' || day >= from)}
          value={to}
          onChange={setTo}
        />
      </div>
      <dl className="r-card b-summary r-keep">
        <SummaryLine step="time" params={params} strong>
          {t('waitlist.anyReleased')}
        </SummaryLine>
        <SummaryLine step="specialist" params={params}>
          {words.specialistTitled(specialist)}
          <span className="r-muted r-small">{words.pick(specialist.departmentName)}</span>
          <span className="r-muted r-small">{words.pick(specialist.hospital.name)}</span>
        </SummaryLine>
        <SummaryLine step="clinic" params={params}>
          {words.pick(clinic.name)}
          <span className="r-muted r-small">{clinic.address}</span>
        </SummaryLine>
        <SummaryLine step="complaint" params={params}>
          <span className="b-clamp">{complaint}</span>
        </SummaryLine>
      </dl>
      <p className="r-muted">{t('waitlist.how')}</p>
      {join.isError ? <ErrorNote error={join.error} /> : null}
      <div className="r-bar">
        <button
          type="button"
          className="r-primary"
          disabled={join.isPending}
          onClick={() =>
            join.mutate({
              patientId,
              practitionerRoleId: specialist.practitionerRoleId,
              locationId: clinic.locationId,
              complaint,
              ...(from === '' ? {} : { from }),
              ...(to === '' || (from !== '' && to < from) ? {} : { to }),
            })
          }
          data-testid="join-waitlist"
        >
          {join.isPending ? t('common:state.sending') : t('waitlist.join')}
        </button>
      </div>
    </>
  );
}

interface DaySelectProps {
  readonly label: string;
  readonly any: string;
  readonly days: readonly LocalDate[];
  /** Empty: any. */
  readonly value: LocalDate;
  readonly onChange: (day: LocalDate) => void;
}

/** The phone's own list: large, and nothing to type. */
function DaySelect({ label, any, days, value, onChange }: DaySelectProps) {
  const { locale } = useWords();
  const id = useId();
  return (
    <div className="r-field">
      <label className="r-label" htmlFor={id}>
        {label}
      </label>
      <select id={id} className="r-input b-select" value={value} onChange={(event) => onChange(event.target.value)}>
        <option value="">{any}</option>
        {days.map((day) => (
          <option key={day} value={day}>
            {formatDay(noonOf(day), locale)} {formatWeekday(noonOf(day), locale)}
          </option>
        ))}
      </select>
    </div>
  );
}
