import { CircleAlert } from 'lucide-react';
import { type ReactNode, useId } from 'react';

interface FieldProps {
  readonly label: ReactNode;
  readonly hint?: ReactNode;
  /** What is wrong with the value; read out when it appears. */
  readonly error?: string | null;
  readonly children: (ids: { id: string; describedBy: string | undefined; invalid: boolean }) => ReactNode;
}

/** Label, field, hint and error, tied together for screen readers. */
export function Field({ label, hint, error = null, children }: FieldProps) {
  const id = useId();
  const describedBy = [hint === undefined ? null : `${id}-hint`, error === null ? null : `${id}-error`]
    .filter((one) => one !== null)
    .join(' ');
  return (
    <div className="t-field">
      <label htmlFor={id} className="t-label">
        {label}
      </label>
      {children({ id, describedBy: describedBy === '' ? undefined : describedBy, invalid: error !== null })}
      {hint === undefined ? null : (
        <p id={`${id}-hint`} className="t-hint">
          {hint}
        </p>
      )}
      <p id={`${id}-error`} className="t-error" role="alert" hidden={error === null}>
        <CircleAlert className="ch-icon" aria-hidden />
        {error}
      </p>
    </div>
  );
}
