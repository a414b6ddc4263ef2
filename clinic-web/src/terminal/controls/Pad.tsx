import type { PointerEvent, ReactNode } from 'react';

interface PadKey {
  readonly value: string;
  readonly label: ReactNode;
  /** For keys whose sign doesn't name them. */
  readonly name?: string;
  readonly wide?: boolean;
}

interface PadProps {
  readonly keys: readonly PadKey[];
  readonly columns: 3 | 6;
  readonly label: string;
  readonly onKey: (value: string) => void;
  readonly disabled?: boolean;
}

/** The field keeps the focus: a pad and a keyboard type into the same place. */
const keepFocus = (event: PointerEvent) => event.preventDefault();

/** On-screen keys for fingers; a real keyboard or a scanner types into the field itself. */
export function Pad({ keys, columns, label, onKey, disabled = false }: PadProps) {
  return (
    <div className="t-pad" data-columns={columns} role="group" aria-label={label}>
      {keys.map(({ value, label: sign, name, wide }) => (
        <button
          key={value}
          type="button"
          className="t-pad__key"
          data-wide={wide ?? false}
          aria-label={name}
          onPointerDown={keepFocus}
          onClick={() => onKey(value)}
          disabled={disabled}
        >
          {sign}
        </button>
      ))}
    </div>
  );
}
