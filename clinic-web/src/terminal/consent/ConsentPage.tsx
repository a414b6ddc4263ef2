import { EncounterId } from '@cloud-hospital/protocol';
import type { Consent, Encounter } from '@cloud-hospital/protocol/rest';
import { ErrorNote, formatTime } from '@cloud-hospital/ui';
import { useApi } from '@cloud-hospital/ui/api';
import { useLocale } from '@cloud-hospital/ui/i18n';
import { useMutation } from '@tanstack/react-query';
import { CircleAlert } from 'lucide-react';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { useNavigate, useParams } from 'react-router';
import { Choice } from '../controls/Choice.tsx';
import { TaskFrame } from '../visit/TaskFrame.tsx';
import { useRefetchVisit } from '../visit/useVisit.ts';
import { latestConsent } from '../visit/VisitFacts.tsx';
import { useDraft } from '../work/Drafts.tsx';
import { ConsentText } from './ConsentText.tsx';

export function ConsentPage() {
  const encounterId = EncounterId.parse(useParams()['encounterId']);
  return <TaskFrame encounterId={encounterId}>{(visit) => <ConsentForm key={encounterId} visit={visit} />}</TaskFrame>;
}

const METHODS = ['on-screen', 'signed-paper', 'spoken-witnessed'] as const;

/** The consent to the consultation, and apart from it the one to recording; either may be refused. */
function ConsentForm({ visit }: { readonly visit: Encounter }) {
  const { t } = useTranslation(['terminal', 'common']);
  const navigate = useNavigate();
  const { client } = useApi();
  const { encounterId } = visit;
  const refetch = useRefetchVisit();
  const known = { consultation: latestConsent(visit, 'consultation'), recording: latestConsent(visit, 'recording') };
  const decidedRecording = known.recording?.status === 'active' || known.recording?.status === 'rejected';
  const draft = useDraft('consent', encounterId, { method: 'on-screen', recording: null });
  const { method, recording } = draft.value;
  const [recordingMissing, setRecordingMissing] = useState(false);

  const record = useMutation({
    mutationFn: async (decisions: readonly { purpose: Consent['purpose']; decision: Decision }[]) => {
      // One after the other: both lock the same visit, and a refused recording must not hide a failed consent.
      for (const { purpose, decision } of decisions) {
        await client.clinic.recordConsent({ encounterId, purpose, decision, method });
      }
    },
    onSettled: () => refetch(encounterId),
    onSuccess: async (_nothing, decisions) => {
      draft.forget();
      if (decisions.some(({ decision }) => decision === 'active')) await navigate(`/visits/${encounterId}`);
    },
  });
  const isActive = known.consultation?.status === 'active';
  const isRefused = known.consultation?.status === 'rejected' || known.consultation?.status === 'inactive';
  const agree = () => {
    if (recording === null && !decidedRecording) {
      setRecordingMissing(true);
      return;
    }
    record.mutate([
      ...(isActive ? [] : [{ purpose: 'consultation' as const, decision: 'active' as const }]),
      ...(recording === null ? [] : [{ purpose: 'recording' as const, decision: recording }]),
    ]);
  };
  return (
    <div className="t-consent" data-testid="consent-page">
      <ConsentText visit={visit} />
      <div className="t-consent__side">
        <div className="t-consent__choices">
          {isActive ? (
            <Given visit={visit} consent={known.consultation} onWithdraw={record.mutate} busy={record.isPending} />
          ) : (
            <Choice
              name="consent-method"
              legend={t('consent.method')}
              columns={1}
              value={method}
              onChange={(value) => draft.change({ method: value })}
              options={METHODS.map((value) => ({
                value,
                label: t(`consent.${value}`),
              }))}
            />
          )}
          {decidedRecording && isActive ? null : (
            <section className="t-consent__recording">
              <Choice
                name="recording"
                legend={
                  <>
                    {t('consent.recording')}
                    <span className="t-hint">{t('consent.recordingText')}</span>
                  </>
                }
                columns={2}
                value={recording}
                onChange={(value) => {
                  setRecordingMissing(false);
                  draft.change({ recording: value });
                }}
                options={[
                  { value: 'active', label: t('consent.recordingYes') },
                  { value: 'rejected', label: t('consent.recordingNo') },
                ]}
              />
              {recordingMissing ? (
                <p className="t-error" role="alert">
                  <CircleAlert className="ch-icon" aria-hidden />
                  {t('consent.needRecording')}
                </p>
              ) : null}
            </section>
          )}
          {isRefused ? (
            <p className="ch-note ch-note--attention" role="status" data-testid="consent-refused">
              <CircleAlert className="ch-note__icon" aria-hidden />
              {t('consent.refused')}
            </p>
          ) : null}
          {record.isError ? <ErrorNote error={record.error} /> : null}
        </div>
        {isActive && (decidedRecording || recording === null) ? null : (
          <div className="t-consent__actions">
            {isActive ? null : (
              <button
                type="button"
                className="t-secondary"
                disabled={record.isPending}
                onClick={() => record.mutate([{ purpose: 'consultation', decision: 'rejected' }])}
                data-testid="consent-refuse"
              >
                {t('consent.refuse')}
              </button>
            )}
            <button
              type="button"
              className="t-primary"
              disabled={record.isPending}
              onClick={agree}
              data-testid="consent-agree"
            >
              {isActive ? t('common:action.save') : t('consent.agree')}
            </button>
          </div>
        )}
      </div>
    </div>
  );
}

type Decision = 'active' | 'rejected' | 'inactive';

interface GivenProps {
  readonly visit: Encounter;
  readonly consent: Consent | undefined;
  readonly busy: boolean;
  readonly onWithdraw: (decisions: { purpose: Consent['purpose']; decision: Decision }[]) => void;
}

/** Consent that was given may be taken back at any time, each purpose by itself. */
function Given({ visit, consent, busy, onWithdraw }: GivenProps) {
  const { t } = useTranslation(['terminal', 'common']);
  const locale = useLocale();
  const recording = latestConsent(visit, 'recording');
  return (
    <section className="t-given">
      {[consent, recording].map((one) =>
        one === undefined ? null : (
          <div key={one.purpose} className="t-given__line">
            <p>
              <strong>{t(`common:consent.purpose.${one.purpose}`)}</strong> {t(`common:consent.status.${one.status}`)}
              <span className="t-hint">
                {' '}
                {t('consent.active', { name: one.recordedBy, time: formatTime(one.recordedAt, locale) })}
              </span>
            </p>
            {one.status === 'active' ? (
              <button
                type="button"
                className="t-plain"
                disabled={busy}
                onClick={() => onWithdraw([{ purpose: one.purpose, decision: 'inactive' }])}
                data-testid={`withdraw-${one.purpose}`}
              >
                {t(one.purpose === 'recording' ? 'consent.withdrawRecording' : 'consent.withdraw')}
              </button>
            ) : null}
          </div>
        ),
      )}
    </section>
  );
}
