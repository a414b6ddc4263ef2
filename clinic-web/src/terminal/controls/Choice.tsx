import type { ReactNode } from 'react';

interface ChoiceOption<T extends string> {
  readonly value: T;
  readonly label: ReactNode;
  readonly hint?: ReactNode;
}

interface ChoiceProps<T extends string> {
  readonly name: string;
  readonly legend: ReactNode;
  readonly options: readonly ChoiceOption<T>[];
  readonly value: T | null;
  readonly onChange: (value: T) => void;
  readonly columns?: 1 | 2 | 3 | 4;
}

/** One of a few, each a large card; a native radio group underneath. `data-testid` of a card: `name-value`. */
export function Choice<T extends string>({ name, legend, options, value, onChange, columns = 2 }: ChoiceProps<T>) {
  return (
    <fieldset className="t-choice">
      <legend className="t-label">{legend}</legend>
      <div className="t-choice__options" data-columns={columns}>
        {options.map((option) => (
          <label key={option.value} className="t-choice__option" data-checked={option.value === value}>
            <input
              type="radio"
              className="t-choice__radio"
              name={name}
              value={option.value}
              checked={option.value === value}
              onChange={() => onChange(option.value)}
              data-testid={`${name}-${option.value}`}
            />
            <span>
              <span className="t-choice__label">{option.label}</span>
              {option.hint === undefined ? null : <span className="t-hint">{option.hint}</span>}
            </span>
          </label>
        ))}
      </div>
    </fieldset>
  );
}
