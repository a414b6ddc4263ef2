import { ReportId } from '@cloud-hospital/protocol';
import type { Report } from '@cloud-hospital/protocol/rest';
import { formatDate, StatusWord } from '@cloud-hospital/ui';
import { useApi } from '@cloud-hospital/ui/api';
import { useQuery } from '@tanstack/react-query';
import { CalendarPlus, Printer } from 'lucide-react';
import { useTranslation } from 'react-i18next';
import { Link, useParams } from 'react-router';
import { bookAgain } from '../booking/answers.ts';
import { writeComplaint } from '../booking/complaintDraft.ts';
import { Page } from '../layout/Page.tsx';
import { QrCode } from '../layout/QrCode.tsx';
import { QueryState } from '../layout/QueryState.tsx';
import { useWords } from '../layout/words.ts';
import { NotFoundPage } from '../NotFoundPage.tsx';
import { MedicalText } from './MedicalText.tsx';
import { PlainReport } from './PlainReport.tsx';
import { ReadAloud } from './ReadAloud.tsx';
import './reports.css';
import { spokenReport } from './spokenReport.ts';

export function ReportPage() {
  const reportId = ReportId.safeParse(useParams()['reportId']);
  return reportId.success ? <Loaded reportId={reportId.data} /> : <NotFoundPage />;
}

function Loaded({ reportId }: { readonly reportId: ReportId }) {
  const { t } = useTranslation('resident');
  const { query } = useApi();
  const report = useQuery(query.reports.get.queryOptions({ input: { reportId } }));
  return (
    <Page title={t('report.title')} back="/reports">
      <QueryState query={report}>{(data) => <Content report={data} />}</QueryState>
    </Page>
  );
}

function Content({ report }: { readonly report: Report }) {
  const { t, i18n } = useTranslation(['resident', 'common']);
  const words = useWords();
  const { specialist, patient, clinicDecision } = report;
  return (
    <article className="p-report" data-testid="report">
      <div className="p-meta r-keep">
        <p>
          {formatDate(report.consultedAt, words.locale)} · {t('report.for', { name: patient.name })}
        </p>
        <p>
          {words.pick(specialist.departmentName)} · {words.specialistTitled(specialist)}
        </p>
        <p className="r-small">{words.pick(specialist.hospital.name)}</p>
        {report.status === 'preliminary' ? null : (
          <StatusWord tone="good">{t(`common:report.status.${report.status}`)}</StatusWord>
        )}
      </div>
      {report.status === 'preliminary' ? (
        // Only signed text may be taken for an opinion; the server doesn't hand this out, and neither do we.
        <p className="r-empty">{t('report.unsigned')}</p>
      ) : (
        <>
          <ReadAloud text={spokenReport(report, i18n.getFixedT('zh-CN', 'resident'))} />
          <PlainReport report={report} />
          {clinicDecision === null ? null : (
            <section className="p-part">
              <h2>{t('report.clinic')}</h2>
              <p>
                {t(`common:report.decision.${clinicDecision.decision}`)} · {clinicDecision.decidedBy}
              </p>
              {clinicDecision.reason === '' ? null : <p lang="zh-CN">{clinicDecision.reason}</p>}
            </section>
          )}
          <MedicalText report={report} />
          <Link
            to={bookAgain({ specialist, patient })}
            className="r-primary ch-screen-only"
            onClick={() =>
              writeComplaint(
                t('report.followUpComplaint', {
                  date: formatDate(report.consultedAt, words.locale),
                  specialist: words.specialist(specialist),
                }),
              )
            }
            data-testid="book-follow-up"
          >
            <CalendarPlus className="ch-icon" aria-hidden />
            {t('report.bookFollowUp')}
          </Link>
          <button
            type="button"
            className="r-secondary r-wide ch-screen-only"
            onClick={() => window.print()}
            data-testid="print-report"
          >
            <Printer className="ch-icon" aria-hidden />
            {t('report.print')}
          </button>
          <div className="ch-print-only p-verify">
            <QrCode text={report.verificationUrl} label={t('report.verifyQr')} size={120} />
            <p>{t('report.verifyHow')}</p>
          </div>
        </>
      )}
    </article>
  );
}
