import '@cloud-hospital/ui/tokens.css';
import '../../src/react/call.css';
import './stage.css';
import { ConsumerId, PeerId, ProducerId, Role } from '@cloud-hospital/protocol';
import type { AudioLevel, MediaSource } from '@cloud-hospital/protocol/socket';
import { createI18n } from '@cloud-hospital/ui/i18n';
import { createRoot } from 'react-dom/client';
import { I18nextProvider } from 'react-i18next';
import { type CallState, INITIAL_CALL_STATE, type Participant, type RemoteStream } from '../../src/index.ts';
import { type Call, CallStage } from '../../src/react/index.ts';

/**
 * The stage without a call: any number of participants with painted pictures. Parameters in the address: `people`, how
 * many others; `size`; `screen`, which of them shares one (from 0).
 */
const parameters = new URLSearchParams(location.search);
const count = Number(parameters.get('people') ?? '1');
const size = parameters.get('size') === 'terminal' ? 'terminal' : 'console';
const sharer = parameters.get('screen');

const NAMES = ['王建国', '李晓梅', '张伟', '刘医生（会诊）', '陈小红（家属）', '口译员'];
const NAME_OF_CLINIC = '玉泉街道社区卫生服务站';
const uuid = (n: number) => `00000000-0000-4000-8000-${String(n).padStart(12, '0')}`;

/** A picture that goes on being painted, so that it is shown at once. */
function painted(text: string, hue: number, width: number, height: number): MediaStream {
  const canvas = document.createElement('canvas');
  Object.assign(canvas, { width, height });
  const context = canvas.getContext('2d');
  const paint = (): void => {
    if (context === null) return;
    context.fillStyle = `hsl(${hue} 35% 32%)`;
    context.fillRect(0, 0, width, height);
    context.fillStyle = 'white';
    context.font = `${height / 8}px sans-serif`;
    context.fillText(text, width * 0.3, height * 0.55);
  };
  paint();
  setInterval(paint, 100);
  return canvas.captureStream(10);
}

const live = { status: 'live', deviceId: null, label: null, trackId: 'own' } as const;
const participants = Array.from(
  { length: count },
  (_, index): Participant => ({
    peerId: PeerId.parse(uuid(index + 1)),
    role: Role.parse(index === 0 ? 'specialist' : 'nurse'),
    displayName: NAMES[index] ?? `${index}`,
    title: null,
    guest: null,
    connected: true,
    mode: 'video',
    hasExamination: false,
    receives: 'video',
    carries: 'video',
    quality: null,
  }),
);
const streamOf = (index: number, source: MediaSource): RemoteStream => ({
  peerId: PeerId.parse(uuid(index + 1)),
  consumerId: ConsumerId.parse(`${index}-${source}`),
  producerId: ProducerId.parse(`${index}-${source}`),
  kind: 'video',
  source,
  paused: false,
  flowing: true,
});
const streams = [
  ...participants.map((_, index) => streamOf(index, 'camera')),
  ...(sharer === null ? [] : [streamOf(Number(sharer), 'screen')]),
];
const media = new Map<string, MediaStream>();
for (const { peerId, source } of streams) {
  const index = participants.findIndex((one) => one.peerId === peerId);
  const isScreen = source === 'screen';
  media.set(
    `${peerId} ${source}`,
    painted(
      isScreen ? '检查报告单 2026' : (NAMES[index] ?? ''),
      index * 55,
      isScreen ? 1920 : 1280,
      isScreen ? 1080 : 720,
    ),
  );
}
const own = painted('我', 200, 1280, 720);

let state: CallState = {
  ...INITIAL_CALL_STATE,
  phase: 'connected',
  camera: live,
  microphone: live,
  peerId: PeerId.parse(uuid(99)),
  participants,
  streams,
};
const tileSizes = new Map<string, number>();
const listeners = new Set<(levels: readonly AudioLevel[]) => void>();
const nothing = (): Promise<void> => Promise.resolve();
const call = (): Call => ({
  state,
  actions: {
    start: () => undefined,
    answer: nothing,
    decline: nothing,
    hangUp: nothing,
    setMicrophone: nothing,
    setCamera: nothing,
    setCameras: nothing,
    wantCameras: nothing,
    setSound: nothing,
    setHold: nothing,
    removeParticipant: nothing,
    shareScreen: nothing,
    stopSharing: () => undefined,
    selectDevice: nothing,
    retryDevices: nothing,
    unblockAudio: nothing,
    setTileSize: (peerId, source, _width, height) => tileSizes.set(`${peerId} ${source}`, height),
  },
  media: {
    localStream: () => own,
    remoteStream: (peerId, source) => media.get(`${peerId} ${source}`) ?? null,
    onAudioLevels: (listener) => {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
  },
});

const element = document.querySelector('#root');
if (element === null) throw new Error('no root');
const root = createRoot(element);
const i18n = await createI18n({ face: 'terminal', namespaces: ['call', 'common'] });
const draw = (): void =>
  root.render(
    <I18nextProvider i18n={i18n}>
      <CallStage
        call={call()}
        size={size}
        bindShortcuts={size === 'console'}
        freeze={{ state: 'idle', press: () => undefined }}
        phone={{ name: NAME_OF_CLINIC, number: '010-88886666', dials: innerWidth < 560 }}
      />
    </I18nextProvider>,
  );

const stagePage = {
  tileSizes: () => Object.fromEntries(tileSizes),
  /** Speaks, by the index of the participant. */
  speak: (index: number): void => {
    const peerId = PeerId.parse(uuid(index + 1));
    state = { ...state, speakingPeerId: peerId };
    for (const listener of listeners) listener([{ peerId, dBov: -20 }]);
    draw();
  },
  patch: (patch: Partial<CallState>): void => {
    state = { ...state, ...patch };
    draw();
  },
  state: () => state,
};
Object.assign(globalThis, { stagePage });
draw();
