import { Input, InputNumber, Select } from 'antd';
import { type ReactNode, useId } from 'react';
import { useTranslation } from 'react-i18next';

interface FieldProps {
  readonly label: string;
  readonly children: (id: string) => ReactNode;
}

/** A label above its input. */
function Field({ label, children }: FieldProps) {
  const id = useId();
  return (
    <div className="s-field">
      <label htmlFor={id}>{label}</label>
      {children(id)}
    </div>
  );
}

interface TextProps {
  readonly label: string;
  readonly value: string;
  readonly onChange: (value: string) => void;
  readonly min?: string;
  readonly testId?: string;
}

/** The browser's own picker: the keyboard works, and every language is right. */
export const DateField = ({ label, value, onChange, min, testId }: TextProps) => (
  <Field label={label}>
    {(id) => (
      <Input
        id={id}
        type="date"
        value={value}
        min={min}
        required
        onChange={({ target }) => onChange(target.value)}
        data-testid={testId}
      />
    )}
  </Field>
);

export const TimeField = ({ label, value, onChange, testId }: TextProps) => (
  <Field label={label}>
    {(id) => (
      <Input
        id={id}
        // `24:00` ends a day, and no picker knows it.
        inputMode="numeric"
        pattern="([01][0-9]|2[0-3]):[0-5][0-9]|24:00"
        maxLength={5}
        value={value}
        required
        onChange={({ target }) => onChange(target.value.replace('：', ':'))}
        data-testid={testId}
      />
    )}
  </Field>
);

export const NumberField = ({
  label,
  value,
  onChange,
  min,
  max,
}: {
  readonly label: string;
  readonly value: number;
  readonly onChange: (value: number) => void;
  readonly min: number;
  readonly max: number;
}) => (
  <Field label={label}>
    {(id) => (
      <InputNumber id={id} value={value} min={min} max={max} precision={0} onChange={(next) => onChange(next ?? min)} />
    )}
  </Field>
);

export function ReasonField({ value, onChange }: Pick<TextProps, 'value' | 'onChange'>) {
  const { t } = useTranslation('console');
  return (
    <Field label={t('schedule.reason')}>
      {(id) => (
        <Input
          id={id}
          value={value}
          minLength={2}
          maxLength={200}
          required
          placeholder={t('schedule.reasonHint')}
          onChange={({ target }) => onChange(target.value)}
          data-testid="schedule-reason"
        />
      )}
    </Field>
  );
}

export function WeekdayField({
  label,
  value,
  onChange,
}: {
  readonly label: string;
  readonly value: number;
  readonly onChange: (value: number) => void;
}) {
  const { t } = useTranslation('console');
  return (
    <Field label={label}>
      {(id) => (
        <Select
          id={id}
          value={value}
          onChange={onChange}
          options={WEEKDAYS.map((weekday) => ({ value: weekday, label: t(`weekday.${weekday}`) }))}
        />
      )}
    </Field>
  );
}

export const WEEKDAYS = [1, 2, 3, 4, 5, 6, 7] as const;
