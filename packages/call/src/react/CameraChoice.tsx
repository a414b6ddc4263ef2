import { CameraChoice as Choice } from '@cloud-hospital/protocol/socket';
import { useTranslation } from 'react-i18next';

interface CameraChoiceProps {
  /** What is sent now; `null`: none of them. */
  readonly chosen: Choice | null;
  readonly onChoose: (choice: Choice) => void;
  readonly size: 'large' | 'compact';
}

/** Face, examination camera, or both. */
export function CameraChoice({ chosen, onChoose, size }: CameraChoiceProps) {
  const { t } = useTranslation('call');
  return (
    <div className="ch-call-cameras" role="group" aria-label={t('cameras.label')} data-size={size}>
      {Choice.options.map((choice) => (
        <button key={choice} type="button" aria-pressed={choice === chosen} onClick={() => onChoose(choice)}>
          {t(`cameras.${choice}`)}
        </button>
      ))}
    </div>
  );
}
