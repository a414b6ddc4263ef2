import type { Report } from '@cloud-hospital/protocol/rest';
import { formatDateTime } from '@cloud-hospital/ui';
import { ChevronDown } from 'lucide-react';
import { useTranslation } from 'react-i18next';
import { useWords } from '../layout/words.ts';

/** What the specialist signed, word for word, for whoever treats the person next. */
export function MedicalText({ report }: { readonly report: Report }) {
  const { t } = useTranslation('resident');
  const words = useWords();
  const { content, specialist, signedAt, sha256, verificationUrl } = report;
  return (
    <details className="p-medical" data-testid="report-medical">
      <summary className="r-row">
        <span className="r-row__body r-row__title">{t('report.medical')}</span>
        <ChevronDown className="ch-icon" aria-hidden />
      </summary>
      <dl className="p-medical__text">
        <div>
          <dt>{t('report.findings')}</dt>
          <dd className="p-lines" lang="zh-CN">
            {content.findings === '' ? '—' : content.findings}
          </dd>
        </div>
        <div>
          <dt>{t('report.diagnoses')}</dt>
          <dd lang="zh-CN">
            <ul className="r-stack r-stack--tight">
              {content.diagnoses.map(({ code, text }) => (
                <li key={text}>
                  {text}
                  {code === null ? null : <span className="r-muted"> ICD-10 {code}</span>}
                </li>
              ))}
            </ul>
          </dd>
        </div>
        <div>
          <dt>{t('report.signedBy')}</dt>
          <dd>
            {words.specialistTitled(specialist)}
            <br />
            {formatDateTime(signedAt, words.locale)}
          </dd>
        </div>
        <div>
          <dt>{t('report.fingerprint')}</dt>
          <dd>
            <code className="p-hash">{sha256}</code>
            <a className="r-plain r-plain--flush ch-screen-only" href={verificationUrl}>
              {t('report.verify')}
            </a>
          </dd>
        </div>
      </dl>
    </details>
  );
}
