import { useApi } from '@cloud-hospital/ui/api';
import { useQuery } from '@tanstack/react-query';
import { ChevronRight } from 'lucide-react';
import { useTranslation } from 'react-i18next';
import { Link } from 'react-router';
import { formatDate } from '@cloud-hospital/ui';
import { Page } from '../layout/Page.tsx';
import { QueryState } from '../layout/QueryState.tsx';
import { useWords } from '../layout/words.ts';
import { usePatient } from '../usePatient.ts';
import './reports.css';

export function ReportsPage() {
  const { t } = useTranslation(['resident', 'people']);
  const { query } = useApi();
  const { patientId } = usePatient();
  const words = useWords();
  const reports = useQuery(query.reports.list.queryOptions());
  return (
    <Page title={t('reports.title')} back="/">
      <QueryState query={reports}>
        {(data) =>
          data.reports.length === 0 ? (
            <p className="r-empty">{t('reports.none')}</p>
          ) : (
            <ul className="r-rows">
              {data.reports
                .toSorted((a, b) => Date.parse(b.signedAt) - Date.parse(a.signedAt))
                .map((report) => (
                  <li key={report.reportId}>
                    <Link to={`/reports/${report.reportId}`} className="r-row" data-testid="report-row">
                      <span className="r-row__body">
                        <span className="r-muted r-small">{formatDate(report.signedAt, words.locale)}</span>
                        {report.patient.patientId === patientId ? null : (
                          <span>{t('people:home.forTitle', { name: report.patient.name })}</span>
                        )}
                        <span className="r-row__title">
                          {words.pick(report.departmentName)} · {report.specialistName}
                        </span>
                        <span className="p-excerpt" lang="zh-CN">
                          {report.plainSummary}
                        </span>
                      </span>
                      <ChevronRight className="ch-icon" aria-hidden />
                    </Link>
                  </li>
                ))}
            </ul>
          )
        }
      </QueryState>
    </Page>
  );
}
