import { Check } from 'lucide-react';
import { type ReactNode, useId } from 'react';

interface ToggleProps {
  readonly checked: boolean;
  readonly onChange: (checked: boolean) => void;
  readonly label: ReactNode;
  readonly hint?: ReactNode;
  readonly testId?: string;
}

/** A whole line that is touched to switch it. */
export function Toggle({ checked, onChange, label, hint, testId }: ToggleProps) {
  const hintId = useId();
  return (
    <label className="t-toggle" data-checked={checked}>
      <input
        type="checkbox"
        className="ch-visually-hidden"
        checked={checked}
        onChange={(event) => onChange(event.target.checked)}
        aria-describedby={hint === undefined ? undefined : hintId}
        data-testid={testId}
      />
      <span className="t-toggle__box" aria-hidden>
        {checked ? <Check className="ch-icon" /> : null}
      </span>
      <span className="t-toggle__text">
        <span className="t-toggle__label">{label}</span>
        {hint === undefined ? null : (
          <span className="t-hint" id={hintId}>
            {hint}
          </span>
        )}
      </span>
    </label>
  );
}
