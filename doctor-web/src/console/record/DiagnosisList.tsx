import type { NoteContent } from '@cloud-hospital/protocol/rest';
import { Button, Input } from 'antd';
import { Plus, Trash2 } from 'lucide-react';
import { useTranslation } from 'react-i18next';

type Diagnosis = NoteContent['diagnoses'][number];
const MAX_DIAGNOSES = 10;
const NEW: Diagnosis = { code: null, text: '' };

/** Diagnoses in order of weight; the code may follow later. An empty line is a line being written. */
export function DiagnosisList({
  diagnoses,
  onChange,
}: {
  diagnoses: readonly Diagnosis[];
  onChange: (next: Diagnosis[]) => void;
}) {
  const { t } = useTranslation('console');
  const replace = (index: number, part: Partial<Diagnosis>): void =>
    onChange(diagnoses.map((diagnosis, at) => (at === index ? { ...diagnosis, ...part } : diagnosis)));
  return (
    <fieldset className="c-list">
      <legend>{t('record.diagnoses')}</legend>
      {diagnoses.map((diagnosis, index) => (
        // Lines have no identity of their own; they are only appended and removed.
        // oxlint-disable-next-line react/no-array-index-key
        <div className="c-list__row c-list__row--diagnosis" key={index}>
          <Input
            aria-label={`${t('record.diagnosisText')} ${index + 1}`}
            placeholder={t('record.diagnosisText')}
            maxLength={120}
            value={diagnosis.text}
            onChange={({ target }) => replace(index, { text: target.value })}
          />
          <Input
            aria-label={`${t('record.diagnosisCode')} ${index + 1}`}
            placeholder="ICD-10"
            maxLength={12}
            value={diagnosis.code ?? ''}
            onChange={({ target }) => replace(index, { code: target.value === '' ? null : target.value })}
          />
          <Button
            type="text"
            aria-label={`${t('record.remove')} ${index + 1}`}
            icon={<Trash2 className="ch-icon" aria-hidden />}
            onClick={() => onChange(diagnoses.filter((_, at) => at !== index))}
          />
        </div>
      ))}
      {diagnoses.length >= MAX_DIAGNOSES ? null : (
        <Button
          type="dashed"
          size="small"
          icon={<Plus className="ch-icon" aria-hidden />}
          onClick={() => onChange([...diagnoses, NEW])}
          data-testid="add-diagnosis"
        >
          {t('record.addDiagnosis')}
        </Button>
      )}
    </fieldset>
  );
}
