import type { AppError, PractitionerRoleId } from '@cloud-hospital/protocol';
import { WalkInColleague, type WalkInInput } from '@cloud-hospital/protocol/rest';
import { ErrorNote } from '@cloud-hospital/ui';
import { useApi } from '@cloud-hospital/ui/api';
import { usePick } from '@cloud-hospital/ui/i18n';
import { useMutation } from '@tanstack/react-query';
import { CircleAlert } from 'lucide-react';
import { type SubmitEvent, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { useNavigate } from 'react-router';
import type { z } from 'zod';
import { ComplaintField } from '../controls/ComplaintField.tsx';
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
        <ComplaintField
          label={t('walkIn.complaint')}
          error={tried && complaintMissing ? t('walkIn.complaintMissing') : null}
          value={complaint}
          onChange={(typed) => onChange({ complaint: typed })}
          testId="walk-in-complaint"
        />
        <Toggle
          checked={urgent}
          onChange={(checked) => onChange({ urgent: checked })}
          label={t('walkIn.urgent')}
          hint={t('walkIn.urgentHint')}
          testId="walk-in-urgent"
        />
        {register.isError ? (
          <RegisterError
            error={register.error}
            onChoose={(colleague) => {
              register.reset();
              onChange({ practitionerRoleId: colleague });
            }}
          />
        ) : null}
      </div>
      <button type="submit" className="t-primary" disabled={register.isPending} data-testid="walk-in-submit">
        {t(register.isPending ? 'walkIn.submitting' : 'walkIn.submit')}
      </button>
    </form>
  );
}

interface RegisterErrorProps {
  readonly error: AppError;
  readonly onChoose: (practitionerRoleId: PractitionerRoleId) => void;
}

/** What the desk can do about it. The number of another name: a slip of the finger must not open a stranger's record. */
function RegisterError({ error, onChoose }: RegisterErrorProps) {
  const { t } = useTranslation('terminal');
  const limit = error.details?.['limit'];
  if (error.code === 'LIMIT_REACHED' && (limit === 'walk-ins' || limit === 'on-leave')) {
    return <NoRoom error={error} limit={limit} onChoose={onChoose} />;
  }
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

/** The session takes nobody without an appointment any more: who of the department still does, one touch away. */
function NoRoom({ error, limit, onChoose }: RegisterErrorProps & { readonly limit: 'walk-ins' | 'on-leave' }) {
  const { t } = useTranslation('terminal');
  const pick = usePick();
  const colleagues = WalkInColleague.array().safeParse(error.details?.['colleagues']);
  const list = colleagues.success ? colleagues.data : [];
  return (
    <div className="ch-note ch-note--danger" role="alert" data-error-code={error.code}>
      <CircleAlert className="ch-note__icon" aria-hidden />
      <div className="ch-note__body">
        <p className="ch-note__title">{t(limit === 'walk-ins' ? 'walkIn.full' : 'walkIn.onLeave')}</p>
        <p>{t(list.length === 0 ? 'walkIn.noColleagues' : 'walkIn.colleagues')}</p>
        {list.map(({ practitionerRoleId, name, hospital, left }) => (
          <button
            key={practitionerRoleId}
            type="button"
            className="t-secondary"
            onClick={() => onChoose(practitionerRoleId)}
            data-testid="walk-in-colleague"
          >
            {pick(name)} · {pick(hospital)} · {t('walkIn.left', { count: left })}
          </button>
        ))}
      </div>
    </div>
  );
}
