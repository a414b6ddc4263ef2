import { type Observation, VitalCode, VITALS } from '@cloud-hospital/protocol/rest';
import { CircleAlert } from 'lucide-react';
import { useTranslation } from 'react-i18next';

/** Blood pressure first, as it is read aloud. */
const ORDER = VitalCode.options;

/** Today's measurements; what lies outside the usual range carries an icon and a word, not only a colour. */
export function VitalsRow({ observations }: { observations: readonly Observation[] }) {
  const { t } = useTranslation(['console', 'common']);
  const inOrder = observations.toSorted((a, b) => ORDER.indexOf(a.code) - ORDER.indexOf(b.code));
  return (
    <ul className="c-vitals">
      {inOrder.map((observation) => (
        <li key={observation.observationId} data-attention={observation.attention}>
          <span className="c-secondary">{t(`common:vital.${observation.code}`)}</span>
          <strong>
            {observation.value.toFixed(VITALS[observation.code].decimals)}
            <small> {VITALS[observation.code].unit}</small>
          </strong>
          {observation.attention ? (
            <span className="c-vitals__attention">
              <CircleAlert aria-hidden className="c-vitals__icon" />
              {t('record.outsideUsual')}
            </span>
          ) : null}
        </li>
      ))}
    </ul>
  );
}
