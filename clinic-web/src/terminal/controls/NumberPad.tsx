import { Delete } from 'lucide-react';
import { useTranslation } from 'react-i18next';
import { Pad } from './Pad.tsx';

interface NumberPadProps {
  readonly label: string;
  readonly value: string;
  readonly onChange: (value: string) => void;
  /** What the key beside the zero types: a decimal point, the X of identity numbers, or nothing. */
  readonly extra: '.' | 'X' | null;
  readonly maxLength: number;
}

const BACKSPACE = 'backspace';
const DIGITS = ['1', '2', '3', '4', '5', '6', '7', '8', '9'] as const;

/** Twelve keys for a number; the value is a text, as it stands in the field. */
export function NumberPad({ label, value, onChange, extra, maxLength }: NumberPadProps) {
  const { t } = useTranslation('terminal');
  const keys = [
    ...DIGITS.map((digit) => ({ value: digit, label: digit })),
    extra === null ? { value: 'clear', label: t('vitals.clear') } : { value: extra, label: extra },
    { value: '0', label: '0' },
    { value: BACKSPACE, label: <Delete className="ch-icon" aria-hidden />, name: t('vitals.backspace') },
  ];
  const press = (key: string) => {
    if (key === BACKSPACE) onChange(value.slice(0, -1));
    else if (key === 'clear') onChange('');
    else if (value.length < maxLength && !(key === '.' && value.includes('.'))) onChange(value + key);
  };
  return <Pad keys={keys} columns={3} label={label} onKey={press} />;
}
