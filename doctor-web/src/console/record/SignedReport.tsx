import type { Report } from '@cloud-hospital/protocol/rest';
import { formatDateTime, PresenceList } from '@cloud-hospital/ui';
import { useLocale } from '@cloud-hospital/ui/i18n';
import { BadgeCheck } from 'lucide-react';
import { useTranslation } from 'react-i18next';

/** That the opinion is signed, when, in which version, and what the clinic doctor decided. */
export function SignedReport({ report }: { report: Report }) {
  const { t } = useTranslation(['console', 'common']);
  const locale = useLocale();
  const decision = report.clinicDecision;
  return (
    <div className="ch-note ch-note--good" data-testid="signed">
      <BadgeCheck className="ch-note__icon" aria-hidden />
      <div className="ch-note__body">
        <p className="ch-note__title">{t('record.signed', { time: formatDateTime(report.signedAt, locale) })}</p>
        {report.status === 'amended' ? <p>{t('record.amended', { version: report.version })}</p> : null}
        <p className="c-digest">SHA-256 {report.sha256.slice(0, 16)}…</p>
        {report.presence.length === 0 ? null : (
          <details>
            <summary>{t('common:presence.title')}</summary>
            <PresenceList presence={report.presence} />
          </details>
        )}
        {decision === null ? null : (
          <p>
            {t(`record.clinicDecision.${decision.decision}`)} · {decision.decidedBy}
            {decision.reason === '' ? '' : ` · ${decision.reason}`}
          </p>
        )}
      </div>
    </div>
  );
}
