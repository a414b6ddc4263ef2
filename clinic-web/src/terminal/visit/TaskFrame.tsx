import type { EncounterId } from '@cloud-hospital/protocol';
import type { Encounter } from '@cloud-hospital/protocol/rest';
import { ErrorNote } from '@cloud-hospital/ui';
import type { ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import { Busy } from '../controls/Busy.tsx';
import { PersonHeader } from './PersonHeader.tsx';
import { useVisit } from './useVisit.ts';

interface TaskFrameProps {
  readonly encounterId: EncounterId;
  readonly children: (visit: Encounter) => ReactNode;
}

/** A task with one person: who it is stays above it, and closing it leads back to the person. */
export function TaskFrame({ encounterId, children }: TaskFrameProps) {
  const { t } = useTranslation();
  const visit = useVisit(encounterId);
  if (visit.data === undefined) {
    return visit.isError ? (
      <div className="t-pane">
        <ErrorNote error={visit.error} onRetry={() => void visit.refetch()} />
      </div>
    ) : (
      <Busy>{t('state.loading')}</Busy>
    );
  }
  return (
    <article className="t-pane">
      <PersonHeader {...visit.data} back={`/visits/${encounterId}`} />
      {children(visit.data)}
    </article>
  );
}
