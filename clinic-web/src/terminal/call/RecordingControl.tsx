import type { RecordingMark } from '@cloud-hospital/protocol/rest';
import type { EncounterId } from '@cloud-hospital/protocol';
import { ErrorNote } from '@cloud-hospital/ui';
import { useApi } from '@cloud-hospital/ui/api';
import { useMutation } from '@tanstack/react-query';
import { CircleStop, Disc } from 'lucide-react';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { Dialog } from '../controls/Dialog.tsx';
import { useRefetchVisit, useVisit } from '../visit/useVisit.ts';
import { latestConsent } from '../visit/VisitFacts.tsx';

interface RecordingControlProps {
  readonly encounterId: EncounterId;
  readonly recording: RecordingMark | null;
}

/**
 * The consent to be recorded, asked for in the call and taken back with one touch: no question is asked before it ends.
 */
export function RecordingControl({ encounterId, recording }: RecordingControlProps) {
  const { t } = useTranslation('call');
  const { client } = useApi();
  const refetch = useRefetchVisit();
  const visit = useVisit(encounterId);
  const [asking, setAsking] = useState(false);
  const record = useMutation({
    mutationFn: (decision: 'active' | 'rejected' | 'inactive') =>
      client.clinic.recordConsent({ encounterId, purpose: 'recording', decision, method: 'spoken-witnessed' }),
    onSuccess: () => setAsking(false),
    onSettled: () => refetch(encounterId),
  });
  const isGiven =
    recording !== null || (visit.data !== undefined && latestConsent(visit.data, 'recording')?.status === 'active');
  const Icon = isGiven ? CircleStop : Disc;
  return (
    <>
      <button
        type="button"
        className="t-call__invite t-call__recording"
        data-on={isGiven}
        disabled={record.isPending}
        onClick={() => (isGiven ? record.mutate('inactive') : setAsking(true))}
        data-testid="recording-control"
      >
        <Icon className="ch-icon" aria-hidden />
        {t(isGiven ? 'recording.withdraw' : 'recording.consent')}
      </button>
      {asking ? (
        <Dialog title={t('recording.title')} onClose={() => setAsking(false)} testId="recording-consent">
          <p>{t('recording.body')}</p>
          <p>{t('recording.anytime')}</p>
          <p>{t('recording.keep')}</p>
          <p>{t('recording.voluntary')}</p>
          {record.isError ? <ErrorNote error={record.error} /> : null}
          <div className="t-dialog__actions">
            <button
              type="button"
              className="t-secondary"
              disabled={record.isPending}
              onClick={() => record.mutate('rejected')}
              data-testid="recording-refuse"
            >
              {t('recording.no')}
            </button>
            <button
              type="button"
              className="t-primary"
              disabled={record.isPending}
              onClick={() => record.mutate('active')}
              data-testid="recording-agree"
            >
              {t('recording.yes')}
            </button>
          </div>
        </Dialog>
      ) : null}
    </>
  );
}
