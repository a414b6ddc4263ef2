import { TriangleAlert } from 'lucide-react';
import { useEffect, useRef } from 'react';
import { useTranslation } from 'react-i18next';
import { useTerminalCall } from './useTerminalCall.ts';

/** What the specialist is going to see, while the person still waits: time to adjust the seat. */
export function OwnPicture() {
  const { t } = useTranslation(['terminal', 'call']);
  const terminalCall = useTerminalCall();
  const video = useRef<HTMLVideoElement>(null);
  const camera = terminalCall?.call.state.camera;
  const media = terminalCall?.call.media;
  const trackId = camera?.trackId ?? null;
  useEffect(() => {
    if (video.current !== null) video.current.srcObject = media?.localStream('camera') ?? null;
  }, [media, trackId]);
  if (terminalCall === null) return null;
  const { problems, warmth } = terminalCall.call.state;
  return (
    <figure className="t-own" data-testid="prepared" data-warmth={warmth}>
      {camera?.status === 'live' ? (
        <video ref={video} autoPlay playsInline muted aria-label={t('call:stage.self')} />
      ) : (
        <p className="t-own__none">{t('call:self.camera-none')}</p>
      )}
      <figcaption>
        <span>{t('wait.preview')}</span>
        <span className="t-hint">{warmth === 'ready' ? t('wait.near') : t(`call:sentence.${warmth}`)}</span>
        {problems
          .filter(({ code }) => code !== 'autoplay-blocked')
          .map(({ code }) => (
            <span key={code} className="t-own__problem">
              <TriangleAlert className="ch-icon" aria-hidden />
              {t(`call:problem.${code}.title`)} {t(`call:problem.${code}.advice`)}
            </span>
          ))}
      </figcaption>
    </figure>
  );
}
