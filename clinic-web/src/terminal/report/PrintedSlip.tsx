import type { Report } from '@cloud-hospital/protocol/rest';
import { formatDateTime } from '@cloud-hospital/ui';
import { useLocale, usePick } from '@cloud-hospital/ui/i18n';
import { useTranslation } from 'react-i18next';
import { QrCode } from './QrCode.tsx';

/** For an 80 mm receipt printer: what the resident needs at home, in words they use there. */
export function PrintedSlip({ report }: { readonly report: Report }) {
  const { t } = useTranslation(['terminal', 'common']);
  const locale = useLocale();
  const pick = usePick();
  const { content, patient, specialist, clinic } = report;
  return (
    <article className="p-slip" lang={locale}>
      <h1>{t('report.slipTitle')}</h1>
      <p className="p-slip__who">
        {patient.name} · {t(`common:gender.${patient.gender}`)} · {t('person.born', { age: patient.age })}
      </p>
      <p>
        {pick(specialist.hospital.name)} {pick(specialist.departmentName)} {specialist.name}
      </p>
      <p>{pick(clinic.name)}</p>
      <p>{formatDateTime(report.consultedAt, locale)}</p>
      <h2>{t('report.diagnosis')}</h2>
      <p>{content.diagnoses.map(({ text }) => text).join('; ') || t('report.none')}</p>
      <h2>{t('report.advice')}</h2>
      <p className="p-report__running">{content.plainSummary || content.advice}</p>
      {content.prescriptions.length === 0 ? null : (
        <>
          <h2>{t('report.medicines')}</h2>
          <ul>
            {content.prescriptions.map((one) => (
              <li key={`${one.medication} ${one.dose} ${one.frequency}`}>{t('report.medicine', { ...one })}</li>
            ))}
          </ul>
        </>
      )}
      {content.followUpDays === null ? null : <p>{t('report.followUpDays', { count: content.followUpDays })}</p>}
      <figure>
        <QrCode text={report.verificationUrl} label={t('report.verify')} />
        <figcaption>{t('report.verify')}</figcaption>
      </figure>
      <p>{t('report.signedBy', { name: specialist.name, title: pick(specialist.title) })}</p>
      <p>{t('report.slipFull')}</p>
    </article>
  );
}
