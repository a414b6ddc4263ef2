import { FilmPlayer, FilmState, useRecording } from '@cloud-hospital/call/film';
import type { Encounter } from '@cloud-hospital/protocol/rest';
import { ErrorNote } from '@cloud-hospital/ui';
import { useSession } from '@cloud-hospital/ui/api';
import { Film, Play, RefreshCw } from 'lucide-react';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { Dialog } from '../controls/Dialog.tsx';

const OVER: ReadonlySet<Encounter['status']> = new Set(['finished', 'cancelled']);

/** The recording of a visit that is over: for the clinic's doctor, who may watch it, where it was agreed to. */
export function VisitRecording({ visit }: { readonly visit: Encounter }) {
  const session = useSession();
  const isDoctor = session.status === 'signed-in' && session.session.role === 'clinic-doctor';
  const wasAgreed = visit.consents.some(
    ({ purpose, status }) => purpose === 'recording' && (status === 'active' || status === 'inactive'),
  );
  return isDoctor && wasAgreed && OVER.has(visit.status) ? <Recording visit={visit} /> : null;
}

/** Asked for only when somebody wants to see it: reading what there is is audited, too. */
function Recording({ visit }: { readonly visit: Encounter }) {
  const { t } = useTranslation('call');
  const [isShown, setShown] = useState(false);
  const { record, src, isOpening, openingError, open, close } = useRecording(visit.encounterId, 'terminal', isShown);
  const { data } = record;
  const isReady = data?.status === 'composed';
  const [Icon, word, press] = isReady
    ? ([Play, t('film.play'), open] as const)
    : isShown
      ? ([RefreshCw, t('film.again'), () => void record.refetch()] as const)
      : ([Film, t('film.show'), () => setShown(true)] as const);
  return (
    <section className="t-exchange" aria-label={t('film.title')} data-testid="recording" data-status={data?.status}>
      <header>
        <h2>{t('film.title')}</h2>
        <button
          type="button"
          className="t-secondary"
          onClick={press}
          disabled={isOpening || record.isFetching}
          data-testid={isReady ? 'play-recording' : isShown ? 'refetch-recording' : 'open-recording'}
        >
          <Icon className="ch-icon" aria-hidden />
          {word}
        </button>
      </header>
      {data === undefined ? null : (
        <p className="t-hint">
          <FilmState record={data} />
        </p>
      )}
      {isReady ? <p className="t-hint">{t('film.audited')}</p> : null}
      {record.error === null ? null : <ErrorNote error={record.error} onRetry={() => void record.refetch()} />}
      {openingError === null ? null : <ErrorNote error={openingError} onRetry={open} />}
      {src === null || data === undefined ? null : (
        <Dialog title={t('film.title')} onClose={close} testId="film-dialog" wide>
          <FilmPlayer record={data} src={src} />
        </Dialog>
      )}
    </section>
  );
}
