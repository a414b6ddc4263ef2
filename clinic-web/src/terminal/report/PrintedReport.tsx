import type { Report } from '@cloud-hospital/protocol/rest';
import { formatDateTime, PresenceList } from '@cloud-hospital/ui';
import { useSession } from '@cloud-hospital/ui/api';
import { useLocale, usePick } from '@cloud-hospital/ui/i18n';
import type { ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import { QrCode } from './QrCode.tsx';

/** The report on A4: exactly what was signed, who signed it, and the code by which anybody can check that. */
export function PrintedReport({ report }: { readonly report: Report }) {
  const { t } = useTranslation(['terminal', 'common']);
  const locale = useLocale();
  const pick = usePick();
  const session = useSession();
  const { content, patient, specialist, clinic } = report;
  const specialistName = locale === 'en' && specialist.nameEn !== '' ? specialist.nameEn : specialist.name;
  return (
    <article className="p-report" lang={locale}>
      <header className="p-report__head">
        <p className="p-report__hospital">{pick(specialist.hospital.name)}</p>
        <h1>{t('report.heading')}</h1>
        {report.status === 'amended' ? <p>{t('report.amended', { version: report.version })}</p> : null}
        {session.status === 'signed-in' && session.demo ? <p className="p-report__demo">{t('report.demo')}</p> : null}
      </header>
      <dl className="p-report__facts">
        <Fact name={t('report.patient')}>{patient.name}</Fact>
        <Fact name={t('report.gender')}>{t(`common:gender.${patient.gender}`)}</Fact>
        <Fact name={t('report.age')}>{t('person.born', { age: patient.age })}</Fact>
        <Fact name={t('report.identity')}>{patient.identityMasked}</Fact>
        <Fact name={t('report.consultedAt')}>{formatDateTime(report.consultedAt, locale)}</Fact>
        <Fact name={t('report.clinic')}>{pick(clinic.name)}</Fact>
        <Fact name={t('report.specialist')}>
          {specialistName} {pick(specialist.title)}, {pick(specialist.departmentName)}
        </Fact>
      </dl>
      <Section title={t('report.diagnosis')}>
        {content.diagnoses.length === 0 ? (
          <p>{t('report.none')}</p>
        ) : (
          <ol>
            {content.diagnoses.map(({ code, text }) => (
              <li key={`${code} ${text}`}>
                {text} {code === null ? '' : `(${code})`}
              </li>
            ))}
          </ol>
        )}
      </Section>
      <Running title={t('report.findings')} text={content.findings} />
      <Running title={t('report.advice')} text={content.advice} />
      {content.prescriptions.length === 0 ? null : (
        <Section title={t('report.medicines')}>
          <ol>
            {content.prescriptions.map((one) => (
              <li key={`${one.medication} ${one.dose} ${one.frequency}`}>{t('report.medicine', { ...one })}</li>
            ))}
          </ol>
        </Section>
      )}
      {content.followUpDays === null ? null : (
        <Section title={t('report.followUp')}>
          <p>{t('report.followUpDays', { count: content.followUpDays })}</p>
        </Section>
      )}
      <Running title={t('report.referral')} text={content.referral} />
      <Running title={t('report.plain')} text={content.plainSummary} />
      {report.presence.length === 0 ? null : (
        <Section title={t('common:presence.title')}>
          <PresenceList presence={report.presence} />
        </Section>
      )}
      {report.clinicDecision === null ? null : (
        <Section title={t('report.decision')}>
          <p>
            {t(`common:report.decision.${report.clinicDecision.decision}`)}
            {report.clinicDecision.reason === '' ? '' : `: ${report.clinicDecision.reason}`}
          </p>
          <p>
            {t('report.decidedBy', {
              name: report.clinicDecision.decidedBy,
              time: formatDateTime(report.clinicDecision.decidedAt, locale),
            })}
          </p>
        </Section>
      )}
      <footer className="p-report__foot">
        <div>
          <p className="p-report__signature">
            {t('report.signedBy', { name: specialistName, title: pick(specialist.title) })}
          </p>
          <p>{t('report.signedAt', { time: formatDateTime(report.signedAt, locale) })}</p>
          <p className="p-report__digest">
            {t('report.digest')}: {report.sha256}
          </p>
          <p className="p-report__digest">
            {t('report.key')}: {report.keyId}
          </p>
        </div>
        <figure>
          <QrCode text={report.verificationUrl} label={t('report.verify')} />
          <figcaption>{t('report.verify')}</figcaption>
        </figure>
      </footer>
    </article>
  );
}

const Fact = ({ name, children }: { readonly name: string; readonly children: ReactNode }) => (
  <div>
    <dt>{name}</dt>
    <dd>{children}</dd>
  </div>
);

const Section = ({ title, children }: { readonly title: string; readonly children: ReactNode }) => (
  <section className="p-report__section">
    <h2>{title}</h2>
    {children}
  </section>
);

/** Running text keeps its line breaks; an empty one takes no room on the paper. */
const Running = ({ title, text }: { readonly title: string; readonly text: string }) =>
  text.trim() === '' ? null : (
    <Section title={title}>
      <p className="p-report__running">{text}</p>
    </Section>
  );
