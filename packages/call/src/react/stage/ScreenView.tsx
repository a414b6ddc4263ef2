import { WifiLow } from 'lucide-react';
import { useTranslation } from 'react-i18next';
import type { Participant, RemoteStream } from '../../callState.types.ts';
import { MediaView } from '../MediaView.tsx';
import type { Call } from '../types.ts';

interface ScreenViewProps {
  readonly call: Call;
  readonly participant: Participant;
  readonly stream: RemoteStream;
}

/** A screen that another participant shares, whole, and why it is slow or stands still. */
export function ScreenView({ call, participant, stream }: ScreenViewProps) {
  const { t } = useTranslation('call');
  const note = stream.paused ? 'share.paused' : participant.mode === 'stills' ? 'share.slow' : null;
  return (
    <div className="ch-call-screen">
      <MediaView
        key={stream.consumerId}
        stream={() => call.media.remoteStream(stream.peerId, 'screen')}
        label={t('stage.screenOf', { name: participant.displayName })}
        floats
      />
      {note !== null && (
        <p className="ch-call-note ch-call-screen-note" role="status">
          <WifiLow aria-hidden size="1.2em" />
          {t(note)}
        </p>
      )}
    </div>
  );
}
