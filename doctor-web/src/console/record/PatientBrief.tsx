import type { Encounter } from '@cloud-hospital/protocol/rest';
import { formatDate } from '@cloud-hospital/ui';
import { useLocale, usePick } from '@cloud-hospital/ui/i18n';
import { lazy, Suspense } from 'react';
import { useTranslation } from 'react-i18next';
import { VitalsRow } from './VitalsRow.tsx';

const VitalsTrend = lazy(async () => ({ default: (await import('./VitalsTrend.tsx')).VitalsTrend }));

/** What a specialist wants to know in the first ten seconds. */
export function PatientBrief({ encounter }: { encounter: Encounter }) {
  const { t } = useTranslation(['console', 'common']);
  const locale = useLocale();
  const pick = usePick();
  const { patient } = encounter;
  return (
    <article className="c-brief">
      <header>
        <h2 className="c-brief__name">
          {patient.name}
          <span> {t('record.age', { gender: t(`common:gender.${patient.gender}`), count: patient.age })}</span>
        </h2>
        <p className="c-secondary">
          {pick(encounter.clinic.name)} · {encounter.ticketNumber} ·{' '}
          {t('record.identity', { number: patient.identityMasked })}
        </p>
      </header>
      <section>
        <h3>{t('record.complaint')}</h3>
        <p className="c-brief__complaint">
          {encounter.complaint === '' ? t('record.noComplaint') : encounter.complaint}
        </p>
      </section>
      <section>
        <h3>{t('record.vitals')}</h3>
        {encounter.observations.length === 0 ? (
          <p className="c-secondary">{t(encounter.readiness.byPhone ? 'record.noVitalsByPhone' : 'record.noVitals')}</p>
        ) : (
          <VitalsRow observations={encounter.observations} />
        )}
        {encounter.vitalsHistory.length === 0 ? null : (
          <Suspense fallback={<div className="c-trend" />}>
            <VitalsTrend earlier={encounter.vitalsHistory} today={encounter.observations} />
          </Suspense>
        )}
      </section>
      <section>
        <h3>{t('record.history')}</h3>
        {encounter.history.length === 0 ? (
          <p className="c-secondary">{t('record.noHistory')}</p>
        ) : (
          <ul className="c-brief__history">
            {encounter.history.map((item) => (
              <li key={item.encounterId}>
                <time>{formatDate(item.date, locale)}</time>
                <span>
                  {pick(item.departmentName)} · {item.specialistName}
                </span>
                <p>{item.conclusion}</p>
              </li>
            ))}
          </ul>
        )}
      </section>
    </article>
  );
}
