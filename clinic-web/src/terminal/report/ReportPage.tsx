import { EncounterId } from '@cloud-hospital/protocol';
import type { Encounter, Report } from '@cloud-hospital/protocol/rest';
import { ErrorNote } from '@cloud-hospital/ui';
import { useApi } from '@cloud-hospital/ui/api';
import { useMutation } from '@tanstack/react-query';
import { CircleCheck, Printer } from 'lucide-react';
import { useState } from 'react';
import { createPortal, flushSync } from 'react-dom';
import { useTranslation } from 'react-i18next';
import { useNavigate, useParams } from 'react-router';
import { Scroll } from '../controls/Scroll.tsx';
import { Tabs } from '../controls/Tabs.tsx';
import { TaskFrame } from '../visit/TaskFrame.tsx';
import { useRefetchVisit } from '../visit/useVisit.ts';
import { useWorklistItem } from '../work/useWorklist.ts';
import { DecisionPanel } from './DecisionPanel.tsx';
import { PrintedReport } from './PrintedReport.tsx';
import { PrintedSlip } from './PrintedSlip.tsx';

export function ReportPage() {
  const encounterId = EncounterId.parse(useParams()['encounterId']);
  return (
    <TaskFrame encounterId={encounterId}>
      {(visit) => (visit.report === null ? <Unsigned /> : <Signed visit={visit} report={visit.report} />)}
    </TaskFrame>
  );
}

function Unsigned() {
  const { t } = useTranslation(['terminal', 'common']);
  return (
    <p className="ch-note ch-note--attention" role="status">
      {t('report.awaiting')}
    </p>
  );
}

type Form = 'a4' | 'slip';

/** The signed report as it will lie on the table, the clinic doctor's decision, and printing. */
function Signed({ visit, report }: { readonly visit: Encounter; readonly report: Report }) {
  const { t } = useTranslation(['terminal', 'common']);
  const navigate = useNavigate();
  const { query } = useApi();
  const { encounterId } = visit;
  const refetch = useRefetchVisit();
  const item = useWorklistItem((one) => one.encounterId === encounterId);
  const [form, setForm] = useState<Form>('a4');
  const [printing, setPrinting] = useState<Form | null>(null);
  const [wasPrinted, setWasPrinted] = useState(false);
  const markPrinted = useMutation(
    query.reports.markPrinted.mutationOptions({
      onSuccess: async () => {
        await refetch(encounterId);
        await navigate(`/visits/${encounterId}`);
      },
    }),
  );
  const print = () => {
    // The form must be in the page before the browser prints it; it blocks until the print window is closed.
    flushSync(() => setPrinting(form));
    window.print();
    setPrinting(null);
    setWasPrinted(true);
  };
  const isDone = item?.status === 'done';
  // A preliminary report is a draft: nothing of it reaches paper.
  if (report.status === 'preliminary') return <Unsigned />;
  const paper = form === 'a4' ? <PrintedReport report={report} /> : <PrintedSlip report={report} />;
  return (
    <div className="t-task" data-testid="report-page" data-form={form}>
      <div className="t-report">
        <Scroll label={t('report.title')} className="t-report__desk">
          <div className="t-paper" data-form={form}>
            {paper}
          </div>
        </Scroll>
        <div className="t-report__side">
          <Tabs
            label={t('report.paper')}
            name="form"
            value={form}
            onChange={setForm}
            options={[
              { value: 'a4', label: t('report.a4') },
              { value: 'slip', label: t('report.slip') },
            ]}
          />
          <div className="t-report__decision">
            <DecisionPanel key={report.version} report={report} />
          </div>
          {markPrinted.isError ? <ErrorNote error={markPrinted.error} /> : null}
          <p className="t-hint">{t(isDone ? 'report.printedAlready' : 'report.onlySigned')}</p>
          {wasPrinted && !isDone ? (
            <button
              type="button"
              className="t-primary"
              onClick={() => markPrinted.mutate({ reportId: report.reportId })}
              disabled={markPrinted.isPending}
              data-testid="mark-printed"
            >
              <CircleCheck className="ch-icon" aria-hidden />
              {t('report.printed')}
            </button>
          ) : null}
          <button
            type="button"
            className={wasPrinted && !isDone ? 't-secondary' : 't-primary'}
            onClick={print}
            data-testid="print"
          >
            <Printer className="ch-icon" aria-hidden />
            {t(wasPrinted ? 'report.printAgain' : 'common:action.print')}
          </button>
        </div>
      </div>
      {printing === null
        ? null
        : createPortal(
            <div className="t-print" data-form={printing}>
              {printing === 'a4' ? <PrintedReport report={report} /> : <PrintedSlip report={report} />}
            </div>,
            document.body,
          )}
    </div>
  );
}
