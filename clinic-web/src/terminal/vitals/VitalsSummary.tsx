import { type Observation, VITALS, type VitalCode } from '@cloud-hospital/protocol/rest';
import { TriangleAlert } from 'lucide-react';
import { useTranslation } from 'react-i18next';
import { FIELD_ORDER } from './vitalsEntry.ts';

/** The newest value of each vital. */
export function latestVitals(observations: readonly Observation[]): Map<VitalCode, Observation> {
  const latest = new Map<VitalCode, Observation>();
  for (const observation of observations) {
    const known = latest.get(observation.code);
    if (known === undefined || Date.parse(known.effectiveAt) <= Date.parse(observation.effectiveAt)) {
      latest.set(observation.code, observation);
    }
  }
  return latest;
}

/** All that was measured in one line each, blood pressure as a pair; what is unusual says so in words. */
export function VitalsSummary({ observations }: { readonly observations: readonly Observation[] }) {
  const { t } = useTranslation(['terminal', 'common']);
  const latest = latestVitals(observations);
  const systolic = latest.get('systolic');
  const diastolic = latest.get('diastolic');
  const shown = FIELD_ORDER.flatMap((code) => {
    if (code === 'diastolic' && systolic !== undefined) return [];
    const observation = latest.get(code);
    if (observation === undefined) return [];
    const isPair = code === 'systolic' && diastolic !== undefined;
    return [
      {
        code,
        name: isPair ? t('vitals.bloodPressure') : t(`common:vital.${code}`),
        value: isPair ? `${observation.value}/${diastolic.value}` : String(observation.value),
        unit: VITALS[code].unit,
        attention: observation.attention || (isPair && diastolic.attention),
      },
    ];
  });
  return (
    <ul className="t-vitals-summary" data-testid="vitals-summary">
      {shown.map(({ code, name, value, unit, attention }) => (
        <li key={code} data-attention={attention}>
          <span className="t-vitals-summary__name">{name}</span>
          <span className="t-vitals-summary__value">{value}</span>
          <span className="t-vitals-summary__unit">{unit}</span>
          {attention ? (
            <span className="t-vitals-summary__attention">
              <TriangleAlert className="ch-icon" aria-hidden />
              {t('vitals.attention')}
            </span>
          ) : null}
        </li>
      ))}
    </ul>
  );
}
