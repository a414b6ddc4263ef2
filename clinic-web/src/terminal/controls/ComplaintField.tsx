import { useTranslation } from 'react-i18next';
import { Field } from './Field.tsx';

const MAX_COMPLAINT = 500;

interface ComplaintFieldProps {
  readonly label: string;
  readonly error: string | null;
  readonly value: string;
  readonly onChange: (complaint: string) => void;
  readonly testId: string;
}

/** What somebody comes for, in staff's words. */
export function ComplaintField({ label, error, value, onChange, testId }: ComplaintFieldProps) {
  const { t } = useTranslation('terminal');
  return (
    <Field label={label} error={error}>
      {({ id, describedBy, invalid }) => (
        <textarea
          id={id}
          className="t-input"
          rows={2}
          value={value}
          onChange={(event) => onChange(event.target.value)}
          placeholder={t('walkIn.complaintHint')}
          maxLength={MAX_COMPLAINT}
          aria-describedby={describedBy}
          aria-invalid={invalid}
          data-testid={testId}
        />
      )}
    </Field>
  );
}
