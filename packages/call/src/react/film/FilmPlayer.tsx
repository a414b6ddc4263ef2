import type { RecordingRecord } from '@cloud-hospital/protocol/rest';
import { formatDate, formatTime } from '@cloud-hospital/ui';
import { useLocale } from '@cloud-hospital/ui/i18n';
import { useRef } from 'react';
import { useTranslation } from 'react-i18next';
import { FilmLine } from './FilmLine.tsx';
import { formatPlace } from './formatPlace.ts';
import './film.css';

const SECOND_MS = 1_000;

interface FilmPlayerProps {
  readonly record: RecordingRecord;
  /** Where the film is read from: what was opened for this session. */
  readonly src: string;
}

/** The film, what of it is missing, and under which consent it was made. */
export function FilmPlayer({ record, src }: FilmPlayerProps) {
  const { t } = useTranslation('call');
  const locale = useLocale();
  const video = useRef<HTMLVideoElement>(null);
  const { parts, consents, gaps, retainUntil, manifestSha256 } = record;
  const jump = (ms: number): void => {
    if (video.current !== null) video.current.currentTime = ms / SECOND_MS;
  };
  return (
    <div className="ch-film" data-testid="player">
      {/* What is said in it is nowhere written down. */}
      {/* oxlint-disable-next-line jsx-a11y/media-has-caption */}
      <video ref={video} controls autoPlay src={src} aria-label={t('film.title')} />
      <FilmLine record={record} />
      <div className="ch-film__facts">
        <section>
          <h3>{t('film.gaps')}</h3>
          {gaps.length === 0 ? (
            <p>{t('film.gapsNone')}</p>
          ) : (
            <ul>
              {gaps.map(({ fromMs, toMs, beganAt, participant, reason }) => (
                <li key={`${beganAt} ${participant ?? ''} ${reason}`}>
                  <button type="button" className="ch-film__jump" onClick={() => jump(fromMs)} data-testid="film-gap">
                    <span className="ch-film__place">{formatPlace(fromMs)}</span>
                    <span>
                      {t('film.gap', {
                        seconds: Math.max(1, Math.round((toMs - fromMs) / SECOND_MS)),
                        who: participant ?? t('film.everybody'),
                        reason: t(`recording.gap.${reason}`),
                      })}
                    </span>
                  </button>
                </li>
              ))}
            </ul>
          )}
        </section>
        <section>
          <h3>{t('film.origin')}</h3>
          <ul>
            {consents.map(({ begunAt, endedAt, takenBy }) => (
              <li key={begunAt}>
                {t('film.consent', { from: formatTime(begunAt, locale), name: takenBy })}
                {endedAt === null ? null : t('film.consentEnded', { to: formatTime(endedAt, locale) })}
              </li>
            ))}
            {parts.map(({ recordingId, startedAt, startedBy, stoppedAt, stopReason }) => (
              <li key={recordingId}>
                {t('film.part', { from: formatTime(startedAt, locale), name: startedBy })}
                {stopReason === null || stoppedAt === null
                  ? null
                  : t('film.stopped', { to: formatTime(stoppedAt, locale), reason: t(`film.stop.${stopReason}`) })}
              </li>
            ))}
            {retainUntil === null ? null : <li>{t('film.retain', { date: formatDate(retainUntil, locale) })}</li>}
          </ul>
        </section>
      </div>
      {manifestSha256 === null ? null : (
        <details className="ch-film__digest">
          <summary>{t('film.digest')}</summary>
          <code>{manifestSha256}</code>
        </details>
      )}
    </div>
  );
}
