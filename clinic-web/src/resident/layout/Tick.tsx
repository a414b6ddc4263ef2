interface TickProps {
  readonly label: string;
  /** What it means, in small words below. */
  readonly hint: string;
  readonly checked: boolean;
  readonly onChange: (checked: boolean) => void;
  readonly testId: string;
  /** On a card of its own, rather than inside of one. */
  readonly isCard?: boolean;
}

/** Something to agree to or to choose, by one touch anywhere on it. */
export function Tick({ label, hint, checked, onChange, testId, isCard = true }: TickProps) {
  return (
    <label className={isCard ? 'r-card r-tick' : 'r-tick'}>
      <input
        type="checkbox"
        checked={checked}
        onChange={(event) => onChange(event.target.checked)}
        data-testid={testId}
      />
      <span>
        {label}
        <small>{hint}</small>
      </span>
    </label>
  );
}
