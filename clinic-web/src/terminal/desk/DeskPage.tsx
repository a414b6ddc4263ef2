import type { PatientRef } from '@cloud-hospital/protocol/rest';
import { ErrorNote } from '@cloud-hospital/ui';
import { useApi } from '@cloud-hospital/ui/api';
import { useMutation } from '@tanstack/react-query';
import { X } from 'lucide-react';
import { useTranslation } from 'react-i18next';
import { Link } from 'react-router';
import '../styles/desk.css';
import { EMPTY_WALK_IN } from '../walkIn/WalkInPage.tsx';
import { PersonStep } from '../walkIn/PersonStep.tsx';
import { type DeskDraft, useDraft, type WalkInDraft } from '../work/Drafts.tsx';
import { DoneStep } from './DoneStep.tsx';
import { ResidentStep } from './ResidentStep.tsx';
import { TimeStep } from './TimeStep.tsx';

const EMPTY_DESK: DeskDraft = {
  step: 'person',
  person: EMPTY_WALK_IN,
  patient: null,
  moving: null,
  departmentCode: null,
  practitionerRoleId: null,
  hold: null,
  complaint: '',
  booked: null,
};

const STEP_WORDS = { person: 'stepPerson', resident: 'stepDesk', time: 'stepTime', done: 'stepDone' } as const;

/** What staff do for a resident at the desk: who it is, what they have, a new time, the slip. */
export function DeskPage() {
  const { t } = useTranslation(['people', 'terminal']);
  const { value, change, forget } = useDraft('desk', 'page', EMPTY_DESK);
  const { step, person, patient, booked } = value;
  return (
    <section className="t-pane" data-testid="desk-page" data-step={step}>
      <div className="t-pane__title">
        <h1 className="t-title">{patient === null ? t('desk.title') : patient.name}</h1>
        <p className="t-hint">{t(`desk.${STEP_WORDS[step]}`)}</p>
        <Link
          to="/"
          className="t-icon-button"
          onClick={forget}
          aria-label={t('terminal:person.close')}
          data-testid="close-desk"
        >
          <X className="ch-icon" aria-hidden />
        </Link>
      </div>
      {step === 'person' || patient === null ? (
        <Person
          draft={person}
          onChange={(next) => change({ person: next })}
          onKnown={(known) => change({ step: 'resident', patient: known })}
        />
      ) : step === 'resident' ? (
        <ResidentStep patient={patient} identityNumber={person.identityNumber} onChange={change} />
      ) : step === 'time' || booked === null ? (
        <TimeStep draft={value} patient={patient} onChange={change} />
      ) : (
        <DoneStep
          appointment={booked}
          moved={value.moving !== null}
          onAnother={() => change({ step: 'resident', booked: null, moving: null, hold: null, complaint: '' })}
        />
      )}
    </section>
  );
}

interface PersonProps {
  readonly draft: WalkInDraft;
  readonly onChange: (draft: WalkInDraft) => void;
  readonly onKnown: (patient: PatientRef) => void;
}

/** The same card-first step as for walk-ins; whoever is new is registered with it. */
function Person({ draft, onChange, onKnown }: PersonProps) {
  const { query } = useApi();
  const register = useMutation(query.clinic.registerPatient.mutationOptions({ onSuccess: onKnown }));
  const apply = ({ step, ...patch }: Partial<WalkInDraft>) => {
    const next = { ...draft, ...patch };
    onChange(next);
    if (step !== 'visit' || register.isPending) return;
    const { name, identityNumber, phone } = next;
    register.mutate(phone === '' ? { name, identityNumber } : { name, identityNumber, phone });
  };
  return (
    <>
      <PersonStep draft={draft} onChange={apply} />
      {register.isError ? <ErrorNote error={register.error} /> : null}
    </>
  );
}
