import type { RecordingRecord } from '@cloud-hospital/protocol/rest';
import { useTranslation } from 'react-i18next';
import { formatPlace } from './formatPlace.ts';

/** Whether there is a film, in a sentence. */
export function FilmState({ record: { status, durationMs } }: { readonly record: RecordingRecord }) {
  const { t } = useTranslation('call');
  return status === 'composed' ? t('film.ready', { length: formatPlace(durationMs ?? 0) }) : t(`film.status.${status}`);
}
