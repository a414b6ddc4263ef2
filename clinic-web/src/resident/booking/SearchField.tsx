import { Search } from 'lucide-react';
import { useId } from 'react';

interface SearchFieldProps {
  readonly label: string;
  readonly value: string;
  readonly onChange: (value: string) => void;
  readonly testId: string;
}

/** Filters what is on the page while typing; there is nothing to submit. */
export function SearchField({ label, value, onChange, testId }: SearchFieldProps) {
  const id = useId();
  return (
    <div className="b-search">
      <Search className="ch-icon" aria-hidden />
      <label className="ch-visually-hidden" htmlFor={id}>
        {label}
      </label>
      <input
        id={id}
        className="r-input"
        type="search"
        enterKeyHint="search"
        placeholder={label}
        value={value}
        onChange={(event) => onChange(event.target.value)}
        data-testid={testId}
      />
    </div>
  );
}
