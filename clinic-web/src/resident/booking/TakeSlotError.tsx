import type { AppError, SlotId } from '@cloud-hospital/protocol';
import { SlotAlternative } from '@cloud-hospital/protocol/rest';
import { ErrorNote } from '@cloud-hospital/ui';
import { useWords } from '../layout/words.ts';

interface TakeSlotErrorProps {
  readonly error: AppError;
  readonly onChoose: (slotId: SlotId) => void;
}

/** Somebody was faster: the nearest times that are still free, one touch away. */
export function TakeSlotError({ error, onChoose }: TakeSlotErrorProps) {
  const words = useWords();
  const alternatives = SlotAlternative.array().safeParse(error.details?.['alternatives']);
  return (
    <ErrorNote error={error}>
      {error.code === 'SLOT_TAKEN' && alternatives.success && alternatives.data.length > 0 ? (
        <ul className="b-alternatives">
          {alternatives.data.map(({ slotId, start, specialistName }) => (
            <li key={slotId}>
              <button
                type="button"
                className="r-secondary r-wide"
                onClick={() => onChoose(slotId)}
                data-testid="alternative"
              >
                {words.dayTime(start)} <span className="b-alternatives__who">{specialistName}</span>
              </button>
            </li>
          ))}
        </ul>
      ) : null}
    </ErrorNote>
  );
}
