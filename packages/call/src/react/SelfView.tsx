import { MicOff, VideoOff } from 'lucide-react';
import { useTranslation } from 'react-i18next';
import { MediaView } from './MediaView.tsx';
import type { Call } from './types.ts';

/** The own picture, small and mirrored as people know themselves; says what the other side doesn't get. */
export function SelfView({ call }: { readonly call: Call }) {
  const { t } = useTranslation('call');
  const { camera, examination, microphone } = call.state;
  // What the specialist looks at closely is what staff must be able to aim.
  const shown = examination.status === 'live' ? 'examination' : 'camera';
  const source = call.state[shown];
  return (
    <div className="ch-call-self">
      {source.status === 'live' ? (
        <MediaView
          key={source.trackId}
          stream={() => call.media.localStream(shown)}
          label={t('stage.self')}
          mirrored={shown === 'camera'}
        />
      ) : (
        <div className="ch-call-self-off">
          <VideoOff aria-hidden size="1.5em" />
          <span>{t(camera.status === 'unavailable' ? 'self.camera-none' : 'self.camera-off')}</span>
        </div>
      )}
      {microphone.status === 'paused' && (
        <span className="ch-call-note ch-call-self-muted">
          <MicOff aria-hidden size="1.2em" />
          {t('self.muted')}
        </span>
      )}
    </div>
  );
}
