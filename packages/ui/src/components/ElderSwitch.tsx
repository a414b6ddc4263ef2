import { ALargeSmall } from 'lucide-react';
import { useTranslation } from 'react-i18next';
import { ELDER_MODES, useElderMode } from '../elder.ts';

/** Standard → large → largest → standard. */
export function ElderSwitch() {
  const { t } = useTranslation();
  const [mode, setMode] = useElderMode();
  const next = ELDER_MODES[(ELDER_MODES.indexOf(mode) + 1) % ELDER_MODES.length] ?? 'off';
  return (
    <button
      type="button"
      className="ch-quiet-button"
      onClick={() => setMode(next)}
      data-testid="elder-switch"
      data-mode={mode}
    >
      <ALargeSmall className="ch-icon" aria-hidden />
      <span className="ch-visually-hidden">{t('elder.label')}</span> {t(`elder.${next}`)}
    </button>
  );
}
