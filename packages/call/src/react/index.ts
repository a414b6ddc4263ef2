export { AutoplayUnblocker } from './AutoplayUnblocker.tsx';
export { CameraChoice } from './CameraChoice.tsx';
export { camerasOf, ownCameras } from './camerasShown.ts';
export { CallControlButton } from './CallControlButton.tsx';
export { CallControls } from './CallControls.tsx';
export { CallStage } from './CallStage.tsx';
export { DevicePicker } from './DevicePicker.tsx';
export { StageTool } from './stage/StageTile.tsx';
export { ShareButton } from './stage/ShareButton.tsx';
export { type FullScreen, useFullScreen } from './stage/useFullScreen.ts';
export { QualityIndicator } from './QualityIndicator.tsx';
export { RingingScreen } from './RingingScreen.tsx';
export {
  OwnSignal,
  SignalProvider,
  useIncomingCall,
  useNotification,
  useReconnected,
  useSignal,
  useSignalState,
} from './SignalProvider.tsx';
export { speak } from './speak.ts';
export type * from './types.ts';
export { useCall } from './useCall.ts';
export { type DeviceList, useDevices } from './useDevices.ts';
