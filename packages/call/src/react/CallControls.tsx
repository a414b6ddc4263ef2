import { Mic, MicOff, PhoneOff, Video, VideoOff } from 'lucide-react';
import type { ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import { CallControlButton } from './CallControlButton.tsx';
import type { Call } from './types.ts';
import { type CallShortcuts, useShortcuts } from './useShortcuts.ts';

interface CallControlsProps {
  readonly call: Call;
  readonly size: 'large' | 'compact';
  /** Keys as they are shown, e.g. `{ microphone: 'M' }`. */
  readonly shortcuts?: CallShortcuts;
  /** Also listen to those keys, except while somebody types. */
  readonly bindShortcuts?: boolean;
  /** Asked instead of hanging up at once, e.g. to confirm or to finish over REST. */
  readonly onHangUp?: () => void;
  readonly hangUpLabel?: string;
  /** More CallControlButtons, before and after the own ones. */
  readonly before?: ReactNode;
  readonly after?: ReactNode;
}

const NO_SHORTCUTS: CallShortcuts = {};

/** Microphone, camera, hang up. Each says what pressing it does now. */
export function CallControls(props: CallControlsProps) {
  const { call, size, shortcuts = NO_SHORTCUTS, bindShortcuts = false, before, after } = props;
  const { t } = useTranslation('call');
  const { actions, state } = call;
  const { microphone, camera, examination, phase } = state;
  const isMuted = microphone.status === 'paused';
  const isCameraOff = (camera.status === 'paused' || camera.status === 'off') && examination.status !== 'live';
  const hasMicrophone = microphone.status !== 'unavailable';
  const hasCamera = camera.status !== 'unavailable';
  const isOver = phase === 'ended' || state.encounterId === null;

  const toggleMicrophone = (): void => void actions.setMicrophone(isMuted);
  const toggleCamera = (): void => void actions.setCamera(isCameraOff);
  // An error means that the server couldn't be told; it notices by itself, and the screen is already right.
  const hangUp = props.onHangUp ?? ((): void => void actions.hangUp().catch(reportError));

  useShortcuts(bindShortcuts && !isOver, shortcuts, {
    microphone: toggleMicrophone,
    camera: toggleCamera,
    hangUp,
  });

  return (
    <div className="ch-call-controls" data-size={size} role="toolbar" aria-label={t('control.label')}>
      {before}
      <CallControlButton
        size={size}
        icon={isMuted || !hasMicrophone ? MicOff : Mic}
        label={hasMicrophone ? t(isMuted ? 'control.unmute' : 'control.mute') : t('control.microphone-none')}
        pressed={isMuted}
        tone={isMuted ? 'off' : 'neutral'}
        disabled={isOver || !hasMicrophone}
        shortcut={shortcuts.microphone}
        onPress={toggleMicrophone}
      />
      <CallControlButton
        size={size}
        icon={isCameraOff || !hasCamera ? VideoOff : Video}
        label={hasCamera ? t(isCameraOff ? 'control.camera-on' : 'control.camera-off') : t('control.camera-none')}
        pressed={isCameraOff}
        tone={isCameraOff ? 'off' : 'neutral'}
        disabled={isOver || !hasCamera}
        shortcut={shortcuts.camera}
        onPress={toggleCamera}
      />
      {after}
      <CallControlButton
        size={size}
        icon={PhoneOff}
        label={props.hangUpLabel ?? t('control.hang-up')}
        tone="danger"
        disabled={isOver}
        shortcut={shortcuts.hangUp}
        onPress={hangUp}
      />
    </div>
  );
}
