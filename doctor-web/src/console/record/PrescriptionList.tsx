import type { NoteContent } from '@cloud-hospital/protocol/rest';
import { Button, Input, InputNumber } from 'antd';
import { Plus, Trash2 } from 'lucide-react';
import { useTranslation } from 'react-i18next';

type Prescription = NoteContent['prescriptions'][number];
const MAX_PRESCRIPTIONS = 10;
const NEW: Prescription = { medication: '', dose: '', frequency: '', days: 7 };
const TEXTS = [
  { field: 'medication', maxLength: 80 },
  { field: 'dose', maxLength: 40 },
  { field: 'frequency', maxLength: 40 },
] as const;

/** Suggested medicines, a line each. */
export function PrescriptionList({
  prescriptions,
  onChange,
}: {
  prescriptions: readonly Prescription[];
  onChange: (next: Prescription[]) => void;
}) {
  const { t } = useTranslation('console');
  const replace = (index: number, part: Partial<Prescription>): void =>
    onChange(prescriptions.map((prescription, at) => (at === index ? { ...prescription, ...part } : prescription)));
  return (
    <fieldset className="c-list">
      <legend>{t('record.prescriptions')}</legend>
      {prescriptions.map((prescription, index) => (
        // Lines have no identity of their own; they are only appended and removed.
        // oxlint-disable-next-line react/no-array-index-key
        <div className="c-list__row c-list__row--prescription" key={index}>
          {TEXTS.map(({ field, maxLength }) => (
            <Input
              key={field}
              aria-label={`${t(`record.${field}`)} ${index + 1}`}
              placeholder={t(`record.${field}`)}
              maxLength={maxLength}
              value={prescription[field]}
              onChange={({ target }) => replace(index, { [field]: target.value })}
            />
          ))}
          <InputNumber
            aria-label={`${t('record.days')} ${index + 1}`}
            min={1}
            max={90}
            precision={0}
            value={prescription.days}
            onChange={(days) => replace(index, { days: days ?? 1 })}
          />
          <Button
            type="text"
            aria-label={`${t('record.remove')} ${index + 1}`}
            icon={<Trash2 className="ch-icon" aria-hidden />}
            onClick={() => onChange(prescriptions.filter((_, at) => at !== index))}
          />
        </div>
      ))}
      {prescriptions.length >= MAX_PRESCRIPTIONS ? null : (
        <Button
          type="dashed"
          size="small"
          icon={<Plus className="ch-icon" aria-hidden />}
          onClick={() => onChange([...prescriptions, NEW])}
          data-testid="add-prescription"
        >
          {t('record.addPrescription')}
        </Button>
      )}
    </fieldset>
  );
}
