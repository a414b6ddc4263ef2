export { ConnectionNote, type ConnectionState, useOnline } from './components/ConnectionNote.tsx';
export { DemoBadge } from './components/DemoBadge.tsx';
export { ElderSwitch } from './components/ElderSwitch.tsx';
export { ErrorNote, type ErrorNoteProps, type ErrorText, useErrorText } from './components/ErrorNote.tsx';
export { LanguageSwitch } from './components/LanguageSwitch.tsx';
export { PresenceList } from './components/PresenceList.tsx';
export { STATUS_TONES, type StatusTone, StatusWord } from './components/StatusWord.tsx';
export {
  APPOINTMENT_TONE,
  AVAILABILITY_TONE,
  DEVICE_TONE,
  QUEUE_ENTRY_TONE,
  WORKLIST_TONE,
} from './components/statusTones.ts';
export { applyElderMode, ELDER_MODES, type ElderMode, useElderMode } from './elder.ts';
export { provideRandomUuid } from './randomUuid.ts';
export * from './time.ts';
export { useServerNow } from './useServerNow.ts';
