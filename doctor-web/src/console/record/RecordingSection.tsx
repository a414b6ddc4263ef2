import type { EncounterId } from '@cloud-hospital/protocol';
import { type RecordingOpening, type RecordingRecord, recordingContentPath } from '@cloud-hospital/protocol/rest';
import { ErrorNote, formatCountdown, formatDate, formatTime } from '@cloud-hospital/ui';
import { useApi } from '@cloud-hospital/ui/api';
import { useLocale } from '@cloud-hospital/ui/i18n';
import { useMutation, useQuery } from '@tanstack/react-query';
import { Button, Modal, Skeleton } from 'antd';
import { Film, Play } from 'lucide-react';
import { useRef, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { useShowError } from '../../layout/useShowError.ts';
import './recording.css';

const SECOND_MS = 1_000;
/** The recording of a visit: asked for only when somebody wants to see it, and opened by a press of its own. */
export function RecordingSection({ encounterId }: { readonly encounterId: EncounterId }) {
  const { t } = useTranslation('console');
  const { query } = useApi();
  const showError = useShowError();
  const [shown, setShown] = useState(false);
  const record = useQuery(
    query.recordings.get.queryOptions({ input: { encounterId }, enabled: shown, staleTime: 5_000 }),
  );
  const open = useMutation(query.recordings.open.mutationOptions({ onError: showError }));
  if (!shown) {
    return (
      <Button
        type="text"
        className="c-call-record__open"
        icon={<Film className="ch-icon" aria-hidden />}
        onClick={() => setShown(true)}
        data-testid="open-recording"
      >
        {t('recording.open')}
      </Button>
    );
  }
  if (record.error !== null) return <ErrorNote error={record.error} onRetry={() => void record.refetch()} />;
  if (record.data === undefined) return <Skeleton active paragraph={{ rows: 2 }} />;
  const { status, durationMs } = record.data;
  return (
    <section className="c-recording" data-testid="recording" data-status={status}>
      <h3>{t('recording.title')}</h3>
      <p>
        {t(`recording.status.${status}`)}
        {durationMs === null || status !== 'composed'
          ? null
          : ` ${t('recording.length', { length: formatCountdown(durationMs) })}`}
      </p>
      {status === 'composed' ? (
        <>
          <Button
            type="primary"
            icon={<Play className="ch-icon" aria-hidden />}
            loading={open.isPending}
            onClick={() => open.mutate({ encounterId })}
            data-testid="play-recording"
          >
            {t('recording.play')}
          </Button>
          <p className="c-secondary">{t('recording.audited')}</p>
        </>
      ) : (
        <Button onClick={() => void record.refetch()} loading={record.isFetching} data-testid="refetch-recording">
          {t('recording.open')}
        </Button>
      )}
      {open.data === undefined ? null : (
        <Player record={record.data} opening={open.data} onClose={() => open.reset()} />
      )}
    </section>
  );
}

interface PlayerProps {
  readonly record: RecordingRecord;
  readonly opening: RecordingOpening;
  readonly onClose: () => void;
}

/** The film, what of it is missing, and under which consent it was made. */
function Player({ record, opening, onClose }: PlayerProps) {
  const { t } = useTranslation(['console', 'call']);
  const locale = useLocale();
  const video = useRef<HTMLVideoElement>(null);
  const { parts, consents, gaps, retainUntil, manifestSha256 } = record;
  const length = Math.max(1, record.durationMs ?? 1);
  const at = (ms: number): string => `${(ms / length) * 100}%`;
  const jump = (ms: number): void => {
    if (video.current !== null) video.current.currentTime = ms / SECOND_MS;
  };
  return (
    <Modal open title={t('recording.playing')} footer={null} onCancel={onClose} width={1080} centered destroyOnHidden>
      <div className="c-player" data-testid="player">
        {/* What is said in it is nowhere written down. */}
        {/* oxlint-disable-next-line jsx-a11y/media-has-caption */}
        <video
          ref={video}
          controls
          autoPlay
          src={recordingContentPath(opening.openingId, 'console')}
          aria-label={t('recording.playing')}
        />
        <svg className="c-player__line" role="img" aria-label={t('recording.timeline')} preserveAspectRatio="none">
          <defs>
            <pattern
              id="recording-gap"
              width="6"
              height="6"
              patternUnits="userSpaceOnUse"
              patternTransform="rotate(45)"
            >
              <rect className="c-player__gap-ground" width="6" height="6" />
              <rect className="c-player__gap-stroke" width="3" height="6" />
            </pattern>
          </defs>
          {parts.map(({ recordingId, fromMs, toMs }) => (
            <rect key={recordingId} className="c-player__part" x={at(fromMs)} width={at(toMs - fromMs)} height="100%" />
          ))}
          {gaps.map(({ fromMs, toMs, beganAt, participant }) => (
            <rect
              key={`${beganAt} ${participant ?? ''}`}
              fill="url(#recording-gap)"
              x={at(fromMs)}
              // A short one must still be seen.
              width={at(Math.max(toMs - fromMs, length / 200))}
              height="100%"
            />
          ))}
        </svg>
        <div className="c-player__facts">
          <section>
            <h4>{t('recording.gaps')}</h4>
            {gaps.length === 0 ? <p>{t('recording.gapsNone')}</p> : null}
            <ul>
              {gaps.map(({ fromMs, toMs, beganAt, participant, reason }) => (
                <li key={`${beganAt} ${participant ?? ''}`}>
                  <button type="button" className="c-player__jump" onClick={() => jump(fromMs)}>
                    {t('recording.gap', {
                      at: formatCountdown(fromMs),
                      seconds: Math.round((toMs - fromMs) / SECOND_MS),
                      who: participant ?? t('recording.everybody'),
                      reason: t(`call:recording.gap.${reason}`),
                    })}
                  </button>
                </li>
              ))}
            </ul>
          </section>
          <section>
            <h4>{t('recording.title')}</h4>
            <ul>
              {parts.map(({ recordingId, startedAt, startedBy, stopReason }) => (
                <li key={recordingId}>
                  {t('recording.part', { from: formatTime(startedAt, locale), name: startedBy })}
                  {stopReason === null ? null : ` · ${t(`recording.stop.${stopReason}`)}`}
                </li>
              ))}
              {consents.map(({ begunAt, endedAt, takenBy }) => (
                <li key={begunAt}>
                  {t('recording.consent', { from: formatTime(begunAt, locale), name: takenBy })}
                  {endedAt === null ? null : ` · ${t('recording.consentEnded', { to: formatTime(endedAt, locale) })}`}
                </li>
              ))}
              {retainUntil === null ? null : (
                <li>{t('recording.retain', { date: formatDate(retainUntil, locale) })}</li>
              )}
            </ul>
          </section>
        </div>
        {manifestSha256 === null ? null : (
          <p className="c-player__digest">
            {t('recording.digest')} <code>{manifestSha256}</code>
          </p>
        )}
      </div>
    </Modal>
  );
}
