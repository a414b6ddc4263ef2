import { EncounterId } from '@cloud-hospital/protocol';
import { type Encounter, VITALS, type VitalCode } from '@cloud-hospital/protocol/rest';
import { ErrorNote, formatDay } from '@cloud-hospital/ui';
import { useApi } from '@cloud-hospital/ui/api';
import { useLocale } from '@cloud-hospital/ui/i18n';
import { useMutation } from '@tanstack/react-query';
import { type SubmitEvent, useEffect, useRef, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { useNavigate, useParams } from 'react-router';
import { NumberPad } from '../controls/NumberPad.tsx';
import { TaskFrame } from '../visit/TaskFrame.tsx';
import { useRefetchVisit } from '../visit/useVisit.ts';
import { useDraft } from '../work/Drafts.tsx';
import { VitalField } from './VitalField.tsx';
import { FIELD_ORDER, pairProblem, vitalsToStore } from './vitalsEntry.ts';
import { latestVitals } from './VitalsSummary.tsx';

/** Longest number any vital needs, with its decimal. */
const MAX_LENGTH = 5;

export function VitalsPage() {
  const encounterId = EncounterId.parse(useParams()['encounterId']);
  return <TaskFrame encounterId={encounterId}>{(visit) => <VitalsForm key={encounterId} visit={visit} />}</TaskFrame>;
}

function VitalsForm({ visit }: { readonly visit: Encounter }) {
  const { t } = useTranslation(['terminal', 'common']);
  const navigate = useNavigate();
  const { query } = useApi();
  const { encounterId } = visit;
  const draft = useDraft('vitals', encounterId, { values: {} });
  const { values } = draft.value;
  const [active, setActive] = useState<VitalCode>('systolic');
  const form = useRef<HTMLFormElement>(null);
  const refetch = useRefetchVisit();
  const save = useMutation(
    query.clinic.recordVitals.mutationOptions({
      onSuccess: async () => {
        await refetch(encounterId);
        draft.forget();
        await navigate(`/visits/${encounterId}`);
      },
    }),
  );
  const earlier = useEarlier(visit);
  const change = (code: VitalCode, text: string) => {
    save.reset();
    draft.change({ values: { ...values, [code]: text } });
  };
  const focus = (code: VitalCode) =>
    form.current?.querySelector<HTMLInputElement>(`[data-testid="vital-${code}"]`)?.focus();
  const next = () => {
    const following = FIELD_ORDER[FIELD_ORDER.indexOf(active) + 1];
    if (following !== undefined) focus(following);
  };
  useEffect(() => {
    focus('systolic');
  }, []);
  const toStore = vitalsToStore(values);
  const pair = pairProblem(values);
  const isInPair = active === 'systolic' || active === 'diastolic';
  const submit = (event: SubmitEvent) => {
    event.preventDefault();
    if (toStore !== null && toStore.length > 0) save.mutate({ encounterId, vitals: toStore });
  };
  const field = (code: VitalCode) => (
    <VitalField
      key={code}
      code={code}
      value={values[code] ?? ''}
      active={active === code}
      onFocus={() => setActive(code)}
      onChange={(text) => change(code, text)}
      onNext={next}
      earlier={earlier(code)}
    />
  );
  return (
    <form className="t-task" ref={form} onSubmit={submit} data-testid="vitals-page" noValidate>
      <div className="t-task__body t-vitals">
        <div className="t-vitals__fields">
          <fieldset className="t-vitals__pair">
            <legend className="ch-visually-hidden">{t('vitals.bloodPressure')}</legend>
            {field('systolic')}
            {field('diastolic')}
            {pair !== null && !isInPair ? (
              <p className="t-error" role="alert">
                {t(`vitals.${pair}`)}
              </p>
            ) : null}
          </fieldset>
          {FIELD_ORDER.slice(2).map(field)}
        </div>
        <div className="t-vitals__pad">
          <p className="t-vitals__active" aria-hidden>
            {t(`common:vital.${active}`)}
          </p>
          <NumberPad
            label={t('vitals.pad')}
            value={values[active] ?? ''}
            onChange={(text) => change(active, text)}
            extra={VITALS[active].decimals === 0 ? null : '.'}
            maxLength={MAX_LENGTH}
          />
          <button type="button" className="t-secondary" onClick={next} disabled={active === FIELD_ORDER.at(-1)}>
            {t('vitals.next')}
          </button>
        </div>
      </div>
      {save.isError ? <ErrorNote error={save.error} /> : null}
      <button
        type="submit"
        className="t-primary"
        disabled={toStore === null || toStore.length === 0 || save.isPending}
        data-testid="save-vitals"
      >
        {t(save.isPending ? 'vitals.saving' : 'vitals.save')}
      </button>
    </form>
  );
}

/** What was measured before: today, or at an earlier visit. */
function useEarlier(visit: Encounter): (code: VitalCode) => string | null {
  const { t } = useTranslation(['terminal', 'common']);
  const locale = useLocale();
  const today = latestVitals(visit.observations);
  const before = latestVitals(visit.vitalsHistory);
  return (code) => {
    const measured = today.get(code);
    if (measured !== undefined) return `${t('vitals.today')} ${measured.value}`;
    const last = before.get(code);
    return last === undefined
      ? null
      : t('vitals.earlier', { value: last.value, date: formatDay(last.effectiveAt, locale) });
  };
}
