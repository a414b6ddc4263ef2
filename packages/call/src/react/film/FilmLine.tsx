import type { RecordingRecord } from '@cloud-hospital/protocol/rest';
import { useId } from 'react';
import { useTranslation } from 'react-i18next';
import { formatPlace } from './formatPlace.ts';

/** A short gap must still be seen: this share of the whole at least. */
const LEAST_SHARE = 0.006;

/** The whole film as a line, hatched where somebody is missing. */
export function FilmLine({ record: { parts, gaps, durationMs } }: { readonly record: RecordingRecord }) {
  const { t } = useTranslation('call');
  const pattern = useId();
  const length = Math.max(1, durationMs ?? 1);
  const at = (ms: number): string => `${(ms / length) * 100}%`;
  return (
    <div className="ch-film__line">
      <svg role="img" aria-label={t('film.timeline')} preserveAspectRatio="none">
        <defs>
          <pattern id={pattern} width="6" height="6" patternUnits="userSpaceOnUse" patternTransform="rotate(45)">
            <rect className="ch-film__gap-ground" width="6" height="6" />
            <rect className="ch-film__gap-stroke" width="3" height="6" />
          </pattern>
        </defs>
        {parts.map(({ recordingId, fromMs, toMs }) => (
          <rect key={recordingId} className="ch-film__part" x={at(fromMs)} width={at(toMs - fromMs)} height="100%" />
        ))}
        {gaps.map(({ fromMs, toMs, beganAt, participant, reason }) => (
          <rect
            key={`${beganAt} ${participant ?? ''} ${reason}`}
            fill={`url(#${pattern})`}
            x={at(Math.min(fromMs, length * (1 - LEAST_SHARE)))}
            width={at(Math.max(toMs - fromMs, length * LEAST_SHARE))}
            height="100%"
          />
        ))}
      </svg>
      <p>
        <span>{formatPlace(0)}</span>
        {gaps.length === 0 ? null : (
          <span className="ch-film__key">
            <svg aria-hidden>
              <rect fill={`url(#${pattern})`} width="100%" height="100%" />
            </svg>
            {t('film.hatched')}
          </span>
        )}
        <span>{formatPlace(length)}</span>
      </p>
    </div>
  );
}
