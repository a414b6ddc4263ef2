import { Images, MicOff, PhoneOff, User, VideoOff, WifiLow } from 'lucide-react';
import type { MediaSource } from '@cloud-hospital/protocol/socket';
import type { TFunction } from 'i18next';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { streamsOf } from '../callState.ts';
import type { CallState, Participant, RemoteStream } from '../callState.types.ts';
import { LevelRing } from './LevelRing.tsx';
import { MediaView } from './MediaView.tsx';
import type { Call } from './types.ts';

interface ParticipantViewProps {
  readonly call: Call;
  readonly participant: Participant;
  /** One picture, and notes as icons only. */
  readonly small?: boolean;
}

/** Which of this participant's cameras is shown large: the examination before the face. A screen is a tile of its own. */
const VIDEO_ORDER = ['examination', 'camera'] as const;

const videosOf = (state: CallState, participant: Participant): RemoteStream[] => {
  const streams = streamsOf(state, participant.peerId).filter((stream) => stream.kind === 'video' && !stream.paused);
  return VIDEO_ORDER.flatMap((source) => streams.find((stream) => stream.source === source) ?? []);
};

/** Another participant's pictures, one large and the others small, or why there is none; notes on what can't be seen or heard. */
export function ParticipantView({ call, participant, small = false }: ParticipantViewProps) {
  const { t } = useTranslation('call');
  const { state, media } = call;
  const { peerId, displayName } = participant;
  const [enlarged, setEnlarged] = useState<MediaSource | null>(null);
  const videos = videosOf(state, participant);
  const main = videos.find(({ source }) => source === enlarged) ?? videos[0];
  const others = small ? [] : videos.filter((video) => video !== main);
  return (
    <div className="ch-call-participant" data-small={small}>
      {main ? (
        <RemotePicture key={main.consumerId} call={call} video={main} name={displayName} />
      ) : (
        <div className="ch-call-faceless">
          <LevelRing media={media} peerId={peerId}>
            <User aria-hidden size={small ? '1.75em' : '4em'} strokeWidth={1.25} />
          </LevelRing>
          {!small && <span>{displayName}</span>}
        </div>
      )}
      {others.length > 0 && (
        <div className="ch-call-insets">
          {others.map((video) => (
            <button
              key={video.consumerId}
              type="button"
              className="ch-call-inset"
              aria-label={t('cameras.swap', { name: sourceName(t, video.source) })}
              onClick={() => setEnlarged(video.source)}
            >
              <RemotePicture call={call} video={video} name={displayName} />
              <span aria-hidden>{sourceName(t, video.source)}</span>
            </button>
          ))}
        </div>
      )}
      <PeerNotes state={state} participant={participant} />
    </div>
  );
}

const sourceName = (t: TFunction<'call'>, source: MediaSource): string =>
  t(`stage.source.${source === 'examination' ? 'examination' : 'camera'}`);

function RemotePicture({
  call,
  video,
  name,
}: {
  readonly call: Call;
  readonly video: RemoteStream;
  readonly name: string;
}) {
  const { t } = useTranslation('call');
  const { peerId, source } = video;
  return (
    <MediaView
      stream={() => call.media.remoteStream(peerId, source)}
      label={t('stage.remote', { name })}
      floats
      onResize={(width, height) => call.actions.setTileSize(peerId, source, width, height)}
    />
  );
}

function PeerNotes({ state, participant }: { readonly state: CallState; readonly participant: Participant }) {
  const { t } = useTranslation('call');
  if (state.phase !== 'connected' && state.phase !== 'reconnecting') return null;
  const streams = streamsOf(state, participant.peerId);
  const camera = streams.find((stream) => stream.source === 'camera');
  const examination = streams.find((stream) => stream.source === 'examination');
  const showsExamination = examination !== undefined && !examination.paused;
  const muted = streams.some((stream) => stream.source === 'microphone' && stream.paused);
  const cameraNote =
    participant.mode === 'audio'
      ? ({ icon: WifiLow, key: 'peer.weak' } as const)
      : participant.mode === 'stills' && (showsExamination || camera?.paused === false)
        ? ({ icon: Images, key: 'peer.stills' } as const)
        : showsExamination
          ? null
          : camera === undefined
            ? ({ icon: VideoOff, key: 'peer.camera-none' } as const)
            : camera.paused
              ? ({ icon: VideoOff, key: 'peer.camera-off' } as const)
              : // Their own words above come first; these are for as long as they send and our line carries nothing.
                state.stuck && state.phase === 'connected'
                ? ({ icon: WifiLow, key: 'peer.stuck' } as const)
                : null;
  const notes = !participant.connected
    ? [{ icon: PhoneOff, key: 'peer.gone' } as const]
    : [muted ? ({ icon: MicOff, key: 'peer.microphone-off' } as const) : null, cameraNote].filter(
        (note) => note !== null,
      );
  return (
    <ul className="ch-call-notes">
      {notes.map(({ icon: Icon, key }) => (
        <li key={key} className="ch-call-note" data-note={key}>
          <Icon aria-hidden size="1.2em" />
          <span>{t(key)}</span>
        </li>
      ))}
    </ul>
  );
}
