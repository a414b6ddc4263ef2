import { MicOff, PhoneOff, User, VideoOff, WifiLow } from 'lucide-react';
import { useTranslation } from 'react-i18next';
import { streamsOf } from '../callState.ts';
import type { CallState, Participant } from '../callState.types.ts';
import { LevelRing } from './LevelRing.tsx';
import { MediaView } from './MediaView.tsx';
import type { Call } from './types.ts';

interface ParticipantViewProps {
  readonly call: Call;
  readonly participant: Participant;
}

/** What of this participant is shown: a shared screen before the examination camera before the face. */
const VIDEO_ORDER = ['screen', 'examination', 'camera'] as const;

const videoOf = (state: CallState, participant: Participant) => {
  const streams = streamsOf(state, participant.peerId).filter((stream) => stream.kind === 'video' && !stream.paused);
  return VIDEO_ORDER.map((source) => streams.find((stream) => stream.source === source)).find((stream) => stream);
};

/** Another participant's picture, or why there is none, with notes on what they can and can't be heard by. */
export function ParticipantView({ call, participant }: ParticipantViewProps) {
  const { t } = useTranslation('call');
  const { state, media, actions } = call;
  const { peerId, displayName } = participant;
  const video = videoOf(state, participant);
  return (
    <div className="ch-call-participant">
      {video ? (
        <MediaView
          key={video.consumerId}
          stream={() => media.remoteStream(peerId, video.source)}
          label={t('stage.remote', { name: displayName })}
          onResize={(width, height) => actions.setTileSize(peerId, video.source, width, height)}
        />
      ) : (
        <div className="ch-call-faceless">
          <LevelRing media={media} peerId={peerId}>
            <User aria-hidden size="4em" strokeWidth={1.25} />
          </LevelRing>
          <span>{displayName}</span>
        </div>
      )}
      <PeerNotes state={state} participant={participant} />
    </div>
  );
}

function PeerNotes({ state, participant }: { readonly state: CallState; readonly participant: Participant }) {
  const { t } = useTranslation('call');
  if (state.phase !== 'connected' && state.phase !== 'reconnecting') return null;
  const streams = streamsOf(state, participant.peerId);
  const camera = streams.find((stream) => stream.source === 'camera');
  const muted = streams.some((stream) => stream.source === 'microphone' && stream.paused);
  const cameraNote =
    participant.mode === 'audio'
      ? ({ icon: WifiLow, key: 'peer.weak' } as const)
      : camera === undefined
        ? ({ icon: VideoOff, key: 'peer.camera-none' } as const)
        : camera.paused
          ? ({ icon: VideoOff, key: 'peer.camera-off' } as const)
          : null;
  const notes = !participant.connected
    ? [{ icon: PhoneOff, key: 'peer.gone' } as const]
    : [muted ? ({ icon: MicOff, key: 'peer.microphone-off' } as const) : null, cameraNote].filter(
        (note) => note !== null,
      );
  return (
    <ul className="ch-call-notes">
      {notes.map(({ icon: Icon, key }) => (
        <li key={key} className="ch-call-note">
          <Icon aria-hidden size="1.2em" />
          {t(key)}
        </li>
      ))}
    </ul>
  );
}
