import type { Report } from '@cloud-hospital/protocol/rest';
import { formatDate } from '@cloud-hospital/ui';
import { CalendarClock, CircleCheckBig, Hospital, Images, ListChecks, type LucideIcon, Pill } from 'lucide-react';
import type { ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import { useWords } from '../layout/words.ts';
import { conclusionOf, followUpDate } from './plain.ts';
import { ReportImages } from './ReportImages.tsx';

/** Four answers a person goes home with: what it is, what to do, what to take, when to come back. */
export function PlainReport({ report }: { readonly report: Report }) {
  const { t } = useTranslation(['resident', 'common']);
  const words = useWords();
  const { content } = report;
  const back = followUpDate(report);
  return (
    <>
      <Part icon={CircleCheckBig} title={t('report.conclusion')} testId="report-conclusion" strong>
        <p lang="zh-CN">{conclusionOf(content)}</p>
      </Part>
      {content.advice === '' ? null : (
        <Part icon={ListChecks} title={t('report.advice')} testId="report-advice">
          <p lang="zh-CN" className="p-lines">
            {content.advice}
          </p>
        </Part>
      )}
      {content.prescriptions.length === 0 ? null : (
        <Part icon={Pill} title={t('report.medicines')} testId="report-medicines">
          <ul className="p-medicines">
            {content.prescriptions.map(({ medication, dose, frequency, days }) => (
              <li key={`${medication} ${dose}`}>
                <strong lang="zh-CN">{medication}</strong>
                <span lang="zh-CN">{[dose, frequency].filter((part) => part !== '').join('，')}</span>
                <span className="r-muted">{t('report.forDays', { count: days })}</span>
              </li>
            ))}
          </ul>
        </Part>
      )}
      <Part icon={CalendarClock} title={t('report.followUp')} testId="report-follow-up">
        <p>
          {back === null || content.followUpDays === null
            ? t('report.noFollowUp')
            : t('report.followUpIn', { count: content.followUpDays, date: formatDate(back, words.locale) })}
        </p>
      </Part>
      {report.images.length === 0 ? null : (
        <Part icon={Images} title={t('report.images')} testId="report-images">
          <ReportImages images={report.images} />
        </Part>
      )}
      {content.referral === '' ? null : (
        <Part icon={Hospital} title={t('report.referral')} testId="report-referral">
          <p lang="zh-CN">{content.referral}</p>
        </Part>
      )}
    </>
  );
}

interface PartProps {
  readonly icon: LucideIcon;
  readonly title: string;
  readonly testId: string;
  readonly strong?: boolean;
  readonly children: ReactNode;
}

function Part({ icon: Icon, title, testId, strong = false, children }: PartProps) {
  return (
    <section className={strong ? 'p-part p-part--strong' : 'p-part'} data-testid={testId}>
      <h2>
        <Icon className="ch-icon" aria-hidden />
        {title}
      </h2>
      {children}
    </section>
  );
}
