import type { AppError } from '@cloud-hospital/protocol';
import { ErrorNote, formatDay, noonOf } from '@cloud-hospital/ui';
import { useLocale } from '@cloud-hospital/ui/i18n';
import { CircleAlert, UserCheck } from 'lucide-react';
import { useTranslation } from 'react-i18next';
import { Link, useNavigate, useSearchParams } from 'react-router';
import { NumberPad } from '../controls/NumberPad.tsx';
import { Tabs } from '../controls/Tabs.tsx';
import { useCheckIn } from '../visit/useVisit.ts';
import { useDraft } from '../work/Drafts.tsx';
import { IdentityField } from './IdentityField.tsx';
import { IDENTITY_LENGTH, judgeIdentity } from './identityText.ts';
import { ScanTab } from './ScanTab.tsx';

/** Check-in by what the resident brought: the code, the card, or only the name (from the list). */
export function CheckInPage() {
  const { t } = useTranslation('terminal');
  const navigate = useNavigate();
  const [params, setParams] = useSearchParams();
  const by = params.get('by') === 'identity' ? 'identity' : 'scan';
  const checkIn = useCheckIn();
  const draft = useDraft('checkIn', 'page', { identityNumber: '' });
  const { identityNumber } = draft.value;
  const onSuccess = ({ encounterId }: { encounterId: string }) => {
    draft.forget();
    void navigate(`/visits/${encounterId}`);
  };
  const byTicket = (ticketQr: string) =>
    checkIn.mutate({ by: 'ticket', ticketQr: ticketQr.slice(0, 200) }, { onSuccess });
  const byIdentity = () => checkIn.mutate({ by: 'identity-number', identityNumber }, { onSuccess });
  const change = (text: string) => {
    checkIn.reset();
    draft.change({ identityNumber: text });
  };
  return (
    <section className="t-pane" data-testid="check-in-page">
      <div className="t-pane__title">
        <h1 className="t-title">{t('checkIn.title')}</h1>
        <Link to="/walk-in" className="t-plain">
          {t('checkIn.otherWay')}
        </Link>
      </div>
      <Tabs
        label={t('checkIn.title')}
        name="tab"
        value={by}
        onChange={(value) => {
          checkIn.reset();
          setParams({ by: value }, { replace: true });
        }}
        options={[
          { value: 'scan', label: t('checkIn.byScan') },
          { value: 'identity', label: t('checkIn.byIdentity') },
        ]}
      />
      <div className="t-pane__body">
        {by === 'scan' ? (
          <ScanTab busy={checkIn.isPending} onTicket={byTicket} />
        ) : (
          <div className="t-identity">
            <div className="t-identity__field">
              <p className="t-lead">{t('checkIn.identityLead')}</p>
              <IdentityField value={identityNumber} onChange={change} />
              <button
                type="button"
                className="t-primary"
                onClick={byIdentity}
                disabled={judgeIdentity(identityNumber).state !== 'right' || checkIn.isPending}
                data-testid="check-in-by-identity"
              >
                <UserCheck className="ch-icon" aria-hidden />
                {t('checkIn.identitySubmit')}
              </button>
            </div>
            <NumberPad
              label={t('identity.label')}
              value={identityNumber}
              onChange={change}
              extra="X"
              maxLength={IDENTITY_LENGTH}
            />
          </div>
        )}
        {checkIn.isError ? <CheckInError error={checkIn.error} byTicket={by === 'scan'} /> : null}
      </div>
      <p className="t-hint">{t('checkIn.nameLead')}</p>
    </section>
  );
}

/** The usual ways in which a check-in fails, in the words of the desk. */
function CheckInError({ error, byTicket }: { readonly error: AppError; readonly byTicket: boolean }) {
  const { t } = useTranslation('terminal');
  const locale = useLocale();
  const date = error.details?.['date'];
  const text =
    error.code === 'NOT_FOUND'
      ? t('checkIn.notFound')
      : error.code === 'BAD_REQUEST' && byTicket
        ? t('checkIn.notTicket')
        : error.code === 'INVALID_TRANSITION' && typeof date === 'string'
          ? t('checkIn.anotherDay', { date: formatDay(noonOf(date), locale) })
          : null;
  if (text === null) return <ErrorNote error={error} />;
  return (
    <p className="ch-note ch-note--danger" role="alert" data-error-code={error.code} data-testid="check-in-error">
      <CircleAlert className="ch-note__icon" aria-hidden />
      {text}
    </p>
  );
}
