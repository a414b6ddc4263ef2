import type { Specialist, WalkInInput } from '@cloud-hospital/protocol/rest';
import { ErrorNote, formatTime, localDateOf, serverClock } from '@cloud-hospital/ui';
import { useApi } from '@cloud-hospital/ui/api';
import { useLocale, usePick } from '@cloud-hospital/ui/i18n';
import { skipToken, useMutation, useQuery } from '@tanstack/react-query';
import { type SubmitEvent, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { useNavigate } from 'react-router';
import type { z } from 'zod';
import { Busy } from '../controls/Busy.tsx';
import { Choice } from '../controls/Choice.tsx';
import { Field } from '../controls/Field.tsx';
import { Toggle } from '../controls/Toggle.tsx';
import { useShowVisit } from '../visit/useVisit.ts';
import type { WalkInDraft } from '../work/Drafts.tsx';

interface VisitStepProps {
  readonly draft: WalkInDraft;
  readonly onChange: (patch: Partial<WalkInDraft>) => void;
  readonly onRegistered: () => void;
}

const MIN_COMPLAINT = 2;
const MAX_COMPLAINT = 500;

/** What for: department, specialist, complaint, and whether it can't wait. */
export function VisitStep({ draft, onChange, onRegistered }: VisitStepProps) {
  const { t } = useTranslation(['terminal', 'common']);
  const navigate = useNavigate();
  const { query } = useApi();
  const showVisit = useShowVisit();
  const [tried, setTried] = useState(false);
  const register = useMutation(
    query.clinic.registerWalkIn.mutationOptions({
      onSuccess: (visit) => {
        showVisit(visit);
        onRegistered();
        void navigate(`/visits/${visit.encounterId}`);
      },
    }),
  );
  const { practitionerRoleId, complaint, phone, name, identityNumber, urgent } = draft;
  const complaintMissing = complaint.trim().length < MIN_COMPLAINT;
  const send = (event: SubmitEvent) => {
    event.preventDefault();
    setTried(true);
    if (practitionerRoleId === null || complaintMissing) return;
    const input: z.input<typeof WalkInInput> = { name, identityNumber, practitionerRoleId, complaint, urgent };
    register.mutate(phone === '' ? input : { ...input, phone });
  };
  return (
    <form className="t-task" onSubmit={send} noValidate>
      <div className="t-task__body t-walk-in">
        <p className="t-walk-in__who">
          <strong>{name}</strong>
          <button
            type="button"
            className="t-plain"
            onClick={() => onChange({ step: 'person' })}
            data-testid="walk-in-back"
          >
            {t('common:action.change')}
          </button>
        </p>
        <SpecialistChoice draft={draft} onChange={onChange} />
        {tried && practitionerRoleId === null ? (
          <p className="t-error" role="alert">
            {t('walkIn.specialistMissing')}
          </p>
        ) : null}
        <Field label={t('walkIn.complaint')} error={tried && complaintMissing ? t('walkIn.complaintMissing') : null}>
          {({ id, describedBy, invalid }) => (
            <textarea
              id={id}
              className="t-input"
              rows={2}
              value={complaint}
              onChange={(event) => onChange({ complaint: event.target.value })}
              placeholder={t('walkIn.complaintHint')}
              maxLength={MAX_COMPLAINT}
              aria-describedby={describedBy}
              aria-invalid={invalid}
              data-testid="walk-in-complaint"
            />
          )}
        </Field>
        <Toggle
          checked={urgent}
          onChange={(checked) => onChange({ urgent: checked })}
          label={t('walkIn.urgent')}
          hint={t('walkIn.urgentHint')}
          testId="walk-in-urgent"
        />
        {register.isError ? <ErrorNote error={register.error} /> : null}
      </div>
      <button type="submit" className="t-primary" disabled={register.isPending} data-testid="walk-in-submit">
        {t(register.isPending ? 'walkIn.submitting' : 'walkIn.submit')}
      </button>
    </form>
  );
}

function SpecialistChoice({ draft, onChange }: Omit<VisitStepProps, 'onRegistered'>) {
  const { t } = useTranslation(['terminal', 'common']);
  const { query } = useApi();
  const pick = usePick();
  const locale = useLocale();
  const departments = useQuery(query.directory.departments.queryOptions({ staleTime: Number.POSITIVE_INFINITY }));
  const { departmentCode, practitionerRoleId } = draft;
  const specialists = useQuery(
    query.directory.specialists.queryOptions({
      input: departmentCode === null ? skipToken : { departmentCode },
    }),
  );
  const today = localDateOf(serverClock.now());
  const isToday = ({ nextFree }: Specialist) => nextFree !== null && localDateOf(nextFree) === today;
  const bySoonest = (a: Specialist, b: Specialist) => (a.nextFree ?? '9').localeCompare(b.nextFree ?? '9');
  const options = (specialists.data?.specialists ?? []).toSorted(bySoonest).map((specialist) => ({
    value: specialist.practitionerRoleId,
    label: `${locale === 'en' && specialist.nameEn !== '' ? specialist.nameEn : specialist.name} ${pick(specialist.title)}`,
    hint: `${pick(specialist.hospital.name)} · ${
      isToday(specialist) && specialist.nextFree !== null
        ? t('walkIn.nextFree', { time: formatTime(specialist.nextFree, locale) })
        : t('walkIn.noFree')
    }`,
  }));
  return (
    <>
      {departments.data === undefined ? null : (
        <Choice
          name="department"
          legend={t('walkIn.department')}
          columns={4}
          options={departments.data.departments.map(({ code, name: words }) => ({ value: code, label: pick(words) }))}
          value={departmentCode}
          onChange={(code) => onChange({ departmentCode: code, practitionerRoleId: null })}
        />
      )}
      {departments.isError ? <ErrorNote error={departments.error} onRetry={() => void departments.refetch()} /> : null}
      {specialists.isError ? <ErrorNote error={specialists.error} onRetry={() => void specialists.refetch()} /> : null}
      {departmentCode !== null && specialists.isPending ? <Busy>{t('common:state.loading')}</Busy> : null}
      {specialists.isSuccess && options.length === 0 ? <p className="t-hint">{t('walkIn.nobody')}</p> : null}
      {options.length === 0 ? null : (
        <Choice
          name="specialist"
          legend={t('walkIn.specialist')}
          columns={2}
          options={options}
          value={practitionerRoleId}
          onChange={(value) => onChange({ practitionerRoleId: value })}
        />
      )}
    </>
  );
}
