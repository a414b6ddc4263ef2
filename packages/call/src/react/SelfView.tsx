import { MicOff, VideoOff } from 'lucide-react';
import { useTranslation } from 'react-i18next';
import { MediaView } from './MediaView.tsx';
import type { Call } from './types.ts';

/** The own picture, small and mirrored as people know themselves; says what the other side doesn't get. */
export function SelfView({ call }: { readonly call: Call }) {
  const { t } = useTranslation('call');
  const { camera, microphone } = call.state;
  return (
    <div className="ch-call-self">
      {camera.status === 'live' ? (
        <MediaView
          key={camera.trackId}
          stream={() => call.media.localStream('camera')}
          label={t('stage.self')}
          mirrored
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
