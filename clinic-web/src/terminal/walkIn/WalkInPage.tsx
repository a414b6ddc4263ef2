import { useTranslation } from 'react-i18next';
import { Link } from 'react-router';
import { X } from 'lucide-react';
import { useDraft, type WalkInDraft } from '../work/Drafts.tsx';
import { PersonStep } from './PersonStep.tsx';
import { VisitStep } from './VisitStep.tsx';

export const EMPTY_WALK_IN: WalkInDraft = {
  step: 'person',
  identityNumber: '',
  name: '',
  phone: '',
  departmentCode: null,
  practitionerRoleId: null,
  complaint: '',
  urgent: false,
};

/** Somebody without an appointment: who they are, then what for. Two short pages, under a minute. */
export function WalkInPage() {
  const { t } = useTranslation('terminal');
  const { value, change, forget } = useDraft('walkIn', 'page', EMPTY_WALK_IN);
  return (
    <section className="t-pane" data-testid="walk-in-page" data-step={value.step}>
      <div className="t-pane__title">
        <h1 className="t-title">{t('walkIn.title')}</h1>
        <p className="t-hint">
          {value.step === 'person' ? 1 : 2}/2 {t(value.step === 'person' ? 'walkIn.stepPerson' : 'walkIn.stepVisit')}
        </p>
        <Link to="/" className="t-icon-button" aria-label={t('person.close')} data-testid="close-walk-in">
          <X className="ch-icon" aria-hidden />
        </Link>
      </div>
      {value.step === 'person' ? (
        <PersonStep draft={value} onChange={change} />
      ) : (
        <VisitStep draft={value} onChange={change} onRegistered={forget} />
      )}
    </section>
  );
}
