import type { Consent, Encounter } from '@cloud-hospital/protocol/rest';
import { StatusWord, type StatusTone } from '@cloud-hospital/ui';
import { useTranslation } from 'react-i18next';
import { VitalsSummary } from '../vitals/VitalsSummary.tsx';

const CONSENT_TONE: { readonly [Status in Consent['status']]: StatusTone } = {
  proposed: 'neutral',
  active: 'good',
  rejected: 'off',
  inactive: 'off',
};

/** The newest decision of each purpose; both stand for themselves. */
export const latestConsent = (visit: Encounter, purpose: Consent['purpose']): Consent | undefined =>
  visit.consents.findLast((consent) => consent.purpose === purpose);

/** Complaint, measurements and consent, as far as they exist. */
export function VisitFacts({ visit }: { readonly visit: Encounter }) {
  const { t } = useTranslation(['terminal', 'common']);
  const purposes = ['consultation', 'recording'] as const;
  return (
    <dl className="t-facts">
      <dt>{t('person.complaint')}</dt>
      <dd className="t-facts__running">{visit.complaint}</dd>
      <dt>{t('person.consents')}</dt>
      <dd className="t-facts__words">
        {purposes.map((purpose) => {
          const status = latestConsent(visit, purpose)?.status ?? 'proposed';
          return (
            <StatusWord key={purpose} tone={CONSENT_TONE[status]}>
              {t(`common:consent.purpose.${purpose}`)} {t(`common:consent.status.${status}`)}
            </StatusWord>
          );
        })}
      </dd>
      <dt>{t('person.measurements')}</dt>
      <dd>
        {visit.observations.length === 0 ? (
          <span className="t-hint">{t('person.noMeasurements')}</span>
        ) : (
          <VitalsSummary observations={visit.observations} />
        )}
      </dd>
    </dl>
  );
}
