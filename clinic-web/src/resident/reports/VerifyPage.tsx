import type { Verification } from '@cloud-hospital/protocol/rest';
import { formatDateTime } from '@cloud-hospital/ui';
import { useApi } from '@cloud-hospital/ui/api';
import { useQuery } from '@tanstack/react-query';
import { BadgeCheck, CircleX, History } from 'lucide-react';
import { useTranslation } from 'react-i18next';
import { useParams } from 'react-router';
import { Page } from '../layout/Page.tsx';
import { QueryState } from '../layout/QueryState.tsx';
import { useWords } from '../layout/words.ts';
import './reports.css';

/** Where the QR code of a printed report leads: is it genuine, and is it the newest? For anybody, signed in or not. */
export function VerifyPage() {
  const { t } = useTranslation('resident');
  const { query } = useApi();
  const token = useParams()['token'] ?? '';
  const verification = useQuery(query.reports.verify.queryOptions({ input: { token }, staleTime: 60_000 }));
  return (
    <Page title={t('verify.title')} lead={t('verify.lead')}>
      {verification.error?.code === 'NOT_FOUND' || verification.error?.code === 'BAD_REQUEST' ? (
        <Outcome of="invalid" />
      ) : (
        <QueryState query={verification}>{(data) => <Result verification={data} />}</QueryState>
      )}
    </Page>
  );
}

const OUTCOMES = {
  valid: { icon: BadgeCheck, note: 'ch-note ch-note--good' },
  superseded: { icon: History, note: 'ch-note ch-note--attention' },
  invalid: { icon: CircleX, note: 'ch-note ch-note--danger' },
} as const;

function Outcome({ of }: { readonly of: keyof typeof OUTCOMES }) {
  const { t } = useTranslation('resident');
  const { icon: Icon, note } = OUTCOMES[of];
  return (
    <div className={note} role="status" data-testid="verification" data-outcome={of}>
      <Icon className="ch-note__icon" aria-hidden />
      <div className="ch-note__body">
        <p className="ch-note__title p-outcome">{t(`verify.${of}.title`)}</p>
        <p>{t(`verify.${of}.body`)}</p>
      </div>
    </div>
  );
}

function Result({ verification }: { readonly verification: Verification }) {
  const { t } = useTranslation('resident');
  const words = useWords();
  const { valid, superseded, signedAt, specialistName, specialistTitle, hospitalName, patientNameMasked, sha256 } =
    verification;
  if (!valid) return <Outcome of="invalid" />;
  return (
    <>
      <Outcome of={superseded ? 'superseded' : 'valid'} />
      <dl className="r-card r-facts">
        <div>
          <dt>{t('verify.patient')}</dt>
          <dd>{patientNameMasked}</dd>
        </div>
        <div>
          <dt>{t('report.signedBy')}</dt>
          <dd>
            {specialistName} {words.pick(specialistTitle)}
            <br />
            <span className="r-muted">{words.pick(hospitalName)}</span>
          </dd>
        </div>
        <div>
          <dt>{t('verify.signedAt')}</dt>
          <dd>{formatDateTime(signedAt, words.locale)}</dd>
        </div>
        <div>
          <dt>{t('report.fingerprint')}</dt>
          <dd>
            <code className="p-hash">{sha256}</code>
          </dd>
        </div>
      </dl>
      <p className="r-muted">{t('verify.compare')}</p>
    </>
  );
}
