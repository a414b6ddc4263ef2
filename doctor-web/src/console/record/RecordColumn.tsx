import type { EncounterId } from '@cloud-hospital/protocol';
import { ErrorNote } from '@cloud-hospital/ui';
import { Skeleton } from 'antd';
import { ClipboardList } from 'lucide-react';
import { useTranslation } from 'react-i18next';
import { RecordPictures } from '../stills/RecordPictures.tsx';
import { CallRecordSection } from './call/CallRecordSection.tsx';
import { NoteSection } from './NoteSection.tsx';
import { PatientBrief } from './PatientBrief.tsx';
import { RecordingSection } from './RecordingSection.tsx';
import { SignedReport } from './SignedReport.tsx';
import { useEncounter, useEncounterNews } from './useEncounter.ts';

interface RecordColumnProps {
  readonly encounterId: EncounterId | null;
  /** In somebody else's consultation: nothing to write. */
  readonly readOnly?: boolean;
}

/** Brief, vitals, history, note and signature, one below the other; the brief can be read before answering. */
export function RecordColumn({ encounterId, readOnly = false }: RecordColumnProps) {
  const { t } = useTranslation('console');
  const encounter = useEncounter(encounterId);
  useEncounterNews();
  return (
    // The brief holds nothing to press, and must scroll by keyboard all the same.
    // oxlint-disable-next-line jsx-a11y/no-noninteractive-tabindex
    <section className="c-record" aria-label={t('record.title')} tabIndex={0}>
      {encounterId === null ? (
        <div className="c-record__none">
          <ClipboardList className="c-stage__idle-icon" aria-hidden />
          <p>{t('record.none')}</p>
        </div>
      ) : encounter.data === undefined ? (
        encounter.error === null ? (
          <Skeleton active paragraph={{ rows: 12 }} />
        ) : (
          <ErrorNote error={encounter.error} onRetry={() => void encounter.refetch()} />
        )
      ) : (
        <>
          <PatientBrief encounter={encounter.data} />
          {encounter.data.report === null ? null : <SignedReport report={encounter.data.report} />}
          {encounter.data.status === 'arrived' || encounter.data.status === 'planned' ? null : (
            <>
              <RecordPictures encounterId={encounter.data.encounterId} />
              {readOnly ? null : <NoteSection key={encounterId} encounter={encounter.data} />}
              {!readOnly &&
              encounter.data.consents.some(
                ({ purpose, status }) => purpose === 'recording' && status !== 'rejected',
              ) ? (
                <RecordingSection key={`recording ${encounterId}`} encounterId={encounterId} />
              ) : null}
              <CallRecordSection key={`call ${encounterId}`} encounterId={encounterId} />
            </>
          )}
        </>
      )}
    </section>
  );
}
