import { FilmPlayer, FilmState, useRecording } from '@cloud-hospital/call/film';
import type { EncounterId } from '@cloud-hospital/protocol';
import { ErrorNote } from '@cloud-hospital/ui';
import { Button, Modal, Skeleton } from 'antd';
import { Film, Play } from 'lucide-react';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import './recording.css';

/** The recording of a visit: asked for only when somebody wants to see it, and opened by a press of its own. */
export function RecordingSection({ encounterId }: { readonly encounterId: EncounterId }) {
  const { t } = useTranslation('call');
  const [isShown, setShown] = useState(false);
  const { record, src, isOpening, openingError, open, close } = useRecording(encounterId, 'console', isShown);
  if (!isShown) {
    return (
      <Button
        type="text"
        className="c-call-record__open"
        icon={<Film className="ch-icon" aria-hidden />}
        onClick={() => setShown(true)}
        data-testid="open-recording"
      >
        {t('film.show')}
      </Button>
    );
  }
  if (record.error !== null) return <ErrorNote error={record.error} onRetry={() => void record.refetch()} />;
  if (record.data === undefined) return <Skeleton active paragraph={{ rows: 2 }} />;
  const { status } = record.data;
  return (
    <section className="c-recording" data-testid="recording" data-status={status}>
      <h3>{t('film.title')}</h3>
      <p>
        <FilmState record={record.data} />
      </p>
      {status === 'composed' ? (
        <>
          <Button
            type="primary"
            icon={<Play className="ch-icon" aria-hidden />}
            loading={isOpening}
            onClick={open}
            data-testid="play-recording"
          >
            {t('film.play')}
          </Button>
          <p className="c-secondary">{t('film.audited')}</p>
        </>
      ) : (
        <Button onClick={() => void record.refetch()} loading={record.isFetching} data-testid="refetch-recording">
          {t('film.again')}
        </Button>
      )}
      {openingError === null ? null : <ErrorNote error={openingError} onRetry={open} />}
      {src === null ? null : (
        <Modal open title={t('film.title')} footer={null} onCancel={close} width={1080} centered destroyOnHidden>
          <FilmPlayer record={record.data} src={src} />
        </Modal>
      )}
    </section>
  );
}
