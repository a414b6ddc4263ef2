import type { AppError } from '@cloud-hospital/protocol';
import type { WalkInInput } from '@cloud-hospital/protocol/rest';
import { ErrorNote } from '@cloud-hospital/ui';
import { useApi } from '@cloud-hospital/ui/api';
import { useMutation } from '@tanstack/react-query';
import { CircleAlert } from 'lucide-react';
import { type SubmitEvent, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { useNavigate } from 'react-router';
import type { z } from 'zod';
import { Field } from '../controls/Field.tsx';
import { Toggle } from '../controls/Toggle.tsx';
import { useShowVisit } from '../visit/useVisit.ts';
import type { WalkInDraft } from '../work/Drafts.tsx';
import { SpecialistChoice } from './SpecialistChoice.tsx';

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
  const { practitionerRoleId, departmentCode, complaint, phone, name, identityNumber, urgent } = draft;
  const complaintMissing = complaint.trim().length < MIN_COMPLAINT;
  const send = (event: SubmitEvent) => {
    event.preventDefault();
    setTried(true);
    if (practitionerRoleId === null || departmentCode === null || complaintMissing) return;
    const wish = practitionerRoleId === 'pool' ? { departmentCode } : { practitionerRoleId };
    const input: z.input<typeof WalkInInput> = { name, identityNumber, ...wish, complaint, urgent };
    register.mutate(phone === '' ? input : { ...input, phone });
  };
  return (
    <form className="t-task" onSubmit={send} noValidate>
      <div className="t-task__body t-walk-in">
        <p className="t-walk-in__answer">
          <span className="t-hint">{t('walkIn.stepPerson')}</span>
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
        {register.isError ? <RegisterError error={register.error} /> : null}
      </div>
      <button type="submit" className="t-primary" disabled={register.isPending} data-testid="walk-in-submit">
        {t(register.isPending ? 'walkIn.submitting' : 'walkIn.submit')}
      </button>
    </form>
  );
}

/** The number belongs to a person of another name: a slip of the finger must not open a stranger's record. */
function RegisterError({ error }: { readonly error: AppError }) {
  const { t } = useTranslation('terminal');
  const text =
    error.details?.['reason'] === 'identity-name-mismatch'
      ? t('walkIn.nameMismatch')
      : error.code === 'PATIENT_BUSY'
        ? t('walkIn.alreadyWaiting')
        : null;
  return text === null ? (
    <ErrorNote error={error} />
  ) : (
    <p className="ch-note ch-note--danger" role="alert" data-error-code={error.code}>
      <CircleAlert className="ch-note__icon" aria-hidden />
      {text}
    </p>
  );
}
