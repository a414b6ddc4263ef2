import type { Report } from '@cloud-hospital/protocol/rest';
import { ErrorNote, formatTime, StatusWord } from '@cloud-hospital/ui';
import { useApi, useSession } from '@cloud-hospital/ui/api';
import { useLocale } from '@cloud-hospital/ui/i18n';
import { useMutation } from '@tanstack/react-query';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { Choice } from '../controls/Choice.tsx';
import { Field } from '../controls/Field.tsx';
import { useRefetchVisit } from '../visit/useVisit.ts';
import { useDraft } from '../work/Drafts.tsx';

/** Two parties close a report: the specialist signs it, the clinic doctor decides what becomes of it. */
export function DecisionPanel({ report }: { readonly report: Report }) {
  const { t } = useTranslation(['terminal', 'common']);
  const locale = useLocale();
  const session = useSession();
  const isDoctor = session.status === 'signed-in' && session.session.role === 'clinic-doctor';
  const { clinicDecision } = report;
  return (
    <section className="t-decision" aria-labelledby="decision-title" data-testid="clinic-decision">
      <h2 id="decision-title" className="t-heading-2">
        {t('report.decision')}
      </h2>
      {clinicDecision !== null ? (
        <>
          <StatusWord tone={clinicDecision.decision === 'declined' ? 'attention' : 'good'}>
            {t(`common:report.decision.${clinicDecision.decision}`)}
          </StatusWord>
          {clinicDecision.reason === '' ? null : <p>{clinicDecision.reason}</p>}
          <p className="t-hint">
            {t('report.decidedBy', {
              name: clinicDecision.decidedBy,
              time: formatTime(clinicDecision.decidedAt, locale),
            })}
          </p>
        </>
      ) : isDoctor ? (
        <Decide report={report} />
      ) : (
        <p className="t-hint">{t('report.doctorOnly')}</p>
      )}
    </section>
  );
}

function Decide({ report }: { readonly report: Report }) {
  const { t } = useTranslation(['terminal', 'common']);
  const { query } = useApi();
  const refetch = useRefetchVisit();
  const { value, change, forget } = useDraft('decision', report.reportId, { decision: 'accepted', reason: '' });
  const [tried, setTried] = useState(false);
  const decide = useMutation(
    query.reports.decide.mutationOptions({
      onSuccess: async () => {
        await refetch(report.encounterId);
        forget();
      },
    }),
  );
  const { decision, reason } = value;
  const reasonMissing = decision !== 'accepted' && reason.trim() === '';
  const save = () => {
    setTried(true);
    if (reasonMissing) return;
    const { reportId, version } = report;
    decide.mutate({ reportId, version, decision, reason: decision === 'accepted' ? '' : reason.trim() });
  };
  return (
    <div className="t-form">
      <Choice
        name="decision"
        legend={<span className="ch-visually-hidden">{t('report.decision')}</span>}
        columns={3}
        value={decision}
        onChange={(chosen) => change({ decision: chosen })}
        options={[
          { value: 'accepted', label: t('report.accept') },
          { value: 'amended', label: t('report.amend') },
          { value: 'declined', label: t('report.decline') },
        ]}
      />
      {decision === 'accepted' ? null : (
        <Field
          label={t(decision === 'amended' ? 'report.reasonAmend' : 'report.reasonDecline')}
          error={tried && reasonMissing ? t('report.reasonMissing') : null}
        >
          {({ id, describedBy, invalid }) => (
            <textarea
              id={id}
              className="t-input"
              rows={2}
              maxLength={400}
              value={reason}
              onChange={(event) => change({ reason: event.target.value })}
              aria-describedby={describedBy}
              aria-invalid={invalid}
              data-testid="decision-reason"
            />
          )}
        </Field>
      )}
      {decide.isError ? <ErrorNote error={decide.error} /> : null}
      <button type="button" className="t-secondary" onClick={save} disabled={decide.isPending} data-testid="decide">
        {t('report.decide')}
      </button>
    </div>
  );
}
