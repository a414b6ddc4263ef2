import { useEffect, useRef } from 'react';
import { useTranslation } from 'react-i18next';
import { useDeviceCheck } from './useDeviceCheck.ts';

/** Of 0 to 1; quiet speech shows already. */
const LEVEL_GAIN = 6;

/** One's own picture and a bar that moves with one's voice, before anybody else sees or hears. */
export function DeviceCheck() {
  const { t } = useTranslation('guest');
  const { state, stream, retry } = useDeviceCheck();
  const video = useRef<HTMLVideoElement>(null);
  useEffect(() => {
    if (video.current !== null) video.current.srcObject = stream;
  }, [stream]);
  return (
    <section className="r-section" aria-label={t('check.title')} data-testid="device-check" data-state={state}>
      <h2 className="r-section__title">{t('check.title')}</h2>
      {state === 'both' ? (
        <video ref={video} className="g-preview" autoPlay playsInline muted aria-label={t('check.preview')} />
      ) : null}
      {stream === null ? null : <Level stream={stream} />}
      <p className="r-muted" role="status">
        {t(`check.${state}`)}
      </p>
      {state === 'denied' ? (
        <button type="button" className="r-secondary" onClick={retry}>
          {t('check.retry')}
        </button>
      ) : null}
    </section>
  );
}

function Level({ stream }: { readonly stream: MediaStream }) {
  const { t } = useTranslation('guest');
  const meter = useRef<HTMLMeterElement>(null);
  useEffect(() => {
    const context = new AudioContext();
    const analyser = new AnalyserNode(context, { fftSize: 512 });
    context.createMediaStreamSource(stream).connect(analyser);
    const samples = new Float32Array(analyser.fftSize);
    let frame = 0;
    const measure = (): void => {
      analyser.getFloatTimeDomainData(samples);
      const loudness = Math.sqrt(samples.reduce((sum, sample) => sum + sample * sample, 0) / samples.length);
      if (meter.current !== null) meter.current.value = Math.min(1, loudness * LEVEL_GAIN);
      frame = requestAnimationFrame(measure);
    };
    measure();
    return () => {
      cancelAnimationFrame(frame);
      void context.close();
    };
  }, [stream]);
  return <meter ref={meter} className="g-level" min={0} max={1} aria-label={t('check.level')} />;
}
