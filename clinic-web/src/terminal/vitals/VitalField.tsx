import { VITALS, type VitalCode } from '@cloud-hospital/protocol/rest';
import { CircleAlert, TriangleAlert } from 'lucide-react';
import { useId } from 'react';
import { useTranslation } from 'react-i18next';
import { isHopeless, judgeVital } from './vitalsEntry.ts';

interface VitalFieldProps {
  readonly code: VitalCode;
  readonly value: string;
  readonly active: boolean;
  readonly onFocus: () => void;
  readonly onChange: (value: string) => void;
  readonly onNext: () => void;
  /** From an earlier visit, for comparison. */
  readonly earlier: string | null;
}

/** One measured value: its unit, the usual range, and at once whether the number can be right. */
export function VitalField({ code, value, active, onFocus, onChange, onNext, earlier }: VitalFieldProps) {
  const { t } = useTranslation(['terminal', 'common']);
  const id = useId();
  const { unit, usual, plausible } = VITALS[code];
  const { state } = judgeVital(code, value);
  // An unfinished number is no mistake yet.
  const isWrong = state === 'implausible' && (!active || isHopeless(code, value));
  const shownState = isWrong ? 'implausible' : state === 'unusual' && !isWrong ? 'unusual' : 'fine';
  return (
    <div className="t-vital" data-state={shownState} data-active={active}>
      <label htmlFor={id} className="t-label">
        {t(`common:vital.${code}`)} <span className="t-vital__unit">{unit}</span>
      </label>
      <input
        id={id}
        className="t-input t-input--number"
        value={value}
        inputMode="none"
        autoComplete="off"
        onFocus={onFocus}
        onChange={(event) => onChange(event.target.value.replaceAll(/[^\d.]/g, ''))}
        onKeyDown={(event) => {
          if (event.key !== 'Enter') return;
          event.preventDefault();
          onNext();
        }}
        aria-describedby={`${id}-note`}
        aria-invalid={isWrong}
        data-testid={`vital-${code}`}
      />
      <p className="t-vital__note" id={`${id}-note`} aria-live="polite">
        {shownState === 'implausible' ? (
          <>
            <CircleAlert className="ch-icon" aria-hidden />
            {t('vitals.implausible', { low: plausible[0], high: plausible[1] })}
          </>
        ) : shownState === 'unusual' && usual !== null ? (
          <>
            <TriangleAlert className="ch-icon" aria-hidden />
            {t('vitals.unusual', { low: usual[0], high: usual[1] })}
          </>
        ) : (
          (earlier ?? (usual === null ? '' : t('vitals.usual', { low: usual[0], high: usual[1] })))
        )}
      </p>
    </div>
  );
}
