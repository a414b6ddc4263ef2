import { useId } from 'react';
import { useTranslation } from 'react-i18next';
import type { Call, DeviceKind } from './types.ts';
import { useDevices } from './useDevices.ts';

interface DevicePickerProps {
  readonly call: Call;
  /** Without the heading. */
  readonly compact?: boolean;
}

/** Choice of microphone, camera and speaker, also in the middle of a call. */
export function DevicePicker({ call, compact = false }: DevicePickerProps) {
  const { t } = useTranslation('call');
  const { microphone, camera, examination, hasExamination, sound, speakerId } = call.state;
  const { microphones, cameras, speakers } = useDevices(
    `${microphone.trackId} ${camera.trackId} ${examination.trackId}`,
  );
  return (
    <fieldset className="ch-call-devices">
      {!compact && <legend>{t('device.title')}</legend>}
      <DeviceSelect call={call} kind="microphone" devices={microphones} current={microphone.deviceId} />
      <DeviceSelect call={call} kind="camera" devices={cameras} current={camera.deviceId} />
      {hasExamination && (
        <DeviceSelect call={call} kind="examination" devices={cameras} current={examination.deviceId} />
      )}
      {'setSinkId' in HTMLMediaElement.prototype && (
        <DeviceSelect call={call} kind="speaker" devices={speakers} current={speakerId} />
      )}
      <label className="ch-call-switch">
        <input
          type="checkbox"
          checked={sound.noiseSuppression}
          onChange={(event) => void call.actions.setSound({ noiseSuppression: event.target.checked })}
        />
        <span>
          {t('device.noise')}
          <small>{t('device.noiseHint')}</small>
        </span>
      </label>
      <label className="ch-call-switch">
        <input
          type="checkbox"
          checked={sound.echoCancellation}
          onChange={(event) => void call.actions.setSound({ echoCancellation: event.target.checked })}
        />
        <span>
          {t('device.echo')}
          <small>{t('device.echoHint')}</small>
        </span>
      </label>
    </fieldset>
  );
}

interface DeviceSelectProps {
  readonly call: Call;
  readonly kind: DeviceKind;
  readonly devices: readonly MediaDeviceInfo[];
  readonly current: string | null;
}

function DeviceSelect({ call, kind, devices, current }: DeviceSelectProps) {
  const { t } = useTranslation('call');
  const id = useId();
  const known = devices.some((device) => device.deviceId === current);
  return (
    <div className="ch-call-device">
      <label htmlFor={id}>{t(`device.${kind}`)}</label>
      <select
        id={id}
        value={known && current !== null ? current : ''}
        disabled={devices.length === 0}
        onChange={(event) => void call.actions.selectDevice(kind, event.target.value)}
      >
        {!known && <option value="">{t(devices.length === 0 ? 'device.none' : 'device.default')}</option>}
        {devices.map((device, index) => (
          <option key={device.deviceId} value={device.deviceId}>
            {device.label || t('device.unnamed', { kind: t(`device.${kind}`), number: index + 1 })}
          </option>
        ))}
      </select>
    </div>
  );
}
