import type { ReactNode } from 'react';

interface TabsProps<T extends string> {
  readonly label: string;
  /** For tests: `name-value` is the id of each. */
  readonly name: string;
  readonly value: T;
  readonly onChange: (value: T) => void;
  readonly options: readonly { readonly value: T; readonly label: ReactNode }[];
}

/** Two or three ways of doing the same thing. */
export const Tabs = <T extends string>({ label, name, value, onChange, options }: TabsProps<T>) => (
  <div className="t-tabs" role="group" aria-label={label}>
    {options.map((option) => (
      <button
        key={option.value}
        type="button"
        className="t-tabs__tab"
        aria-pressed={option.value === value}
        onClick={() => onChange(option.value)}
        data-testid={`${name}-${option.value}`}
      >
        {option.label}
      </button>
    ))}
  </div>
);
