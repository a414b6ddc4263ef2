import type { EncounterId } from '@cloud-hospital/protocol';
import { formatCountdown, useServerNow } from '@cloud-hospital/ui';
import { useTranslation } from 'react-i18next';
import { useEncounter } from '../record/useEncounter.ts';

const TICK_MS = 1_000;

/** How long the consultation has lasted, by the server's clock; discreet. */
export function CallClock({ encounterId }: { encounterId: EncounterId }) {
  const { t } = useTranslation('console');
  const encounter = useEncounter(encounterId);
  const now = useServerNow(TICK_MS);
  const startedAt = encounter.data?.startedAt ?? null;
  if (startedAt === null) return null;
  const elapsed = Math.max(0, new Date(now).getTime() - Date.parse(startedAt));
  return <span className="c-stage__clock">{t('stage.duration', { time: formatCountdown(elapsed) })}</span>;
}
