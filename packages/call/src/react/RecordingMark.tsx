import { useTranslation } from 'react-i18next';
import type { CallState } from '../callState.types.ts';

/** On every screen of the call for as long as it is recorded: nobody is recorded without seeing it. */
export function RecordingMark({ recording }: Pick<CallState, 'recording'>) {
  const { t } = useTranslation('call');
  if (recording === null) return null;
  const { trouble } = recording;
  return (
    <p className="ch-call-recording" role="status" data-testid="recording-mark" data-trouble={trouble !== null}>
      <span className="ch-call-recording-dot" aria-hidden />
      {trouble === null ? t('recording.on') : t('recording.trouble', { reason: t(`recording.gap.${trouble}`) })}
    </p>
  );
}
