import type { Specialist } from '@cloud-hospital/protocol/rest';
import { ChevronRight } from 'lucide-react';
import { useTranslation } from 'react-i18next';
import { useNavigate } from 'react-router';
import { useWords } from '../layout/words.ts';
import { stepPath } from './answers.ts';

interface SpecialistRowProps {
  readonly specialist: Specialist;
  readonly params: URLSearchParams;
  /** Among people of several departments. */
  readonly withDepartment?: boolean;
}

/** One specialist with the next free time; without one, the way to the waiting list. */
export function SpecialistRow({ specialist, params, withDepartment = false }: SpecialistRowProps) {
  const { t } = useTranslation('resident');
  const words = useWords();
  const navigate = useNavigate();
  const { nextFree } = specialist;
  const choose = () => {
    const next = new URLSearchParams(params);
    next.set('department', specialist.departmentCode);
    next.set('specialist', specialist.practitionerRoleId);
    void navigate(stepPath('time', next));
  };
  return (
    <button
      type="button"
      className="r-row"
      onClick={choose}
      data-testid="specialist"
      data-specialist={specialist.practitionerRoleId}
    >
      <span className="r-row__body b-specialist r-keep">
        <span className="b-specialist__name">
          <span className="r-row__title">{words.specialist(specialist)}</span>{' '}
          <span className="r-muted">{words.pick(specialist.title)}</span>
        </span>
        <span className="r-muted r-small">
          {withDepartment ? `${words.pick(specialist.departmentName)} · ` : ''}
          {words.pick(specialist.hospital.name)}
        </span>
        <span className="r-small b-clamp">{words.pick(specialist.expertise)}</span>
        <span className={nextFree === null ? 'r-muted b-specialist__free' : 'b-specialist__free'}>
          {nextFree === null
            ? t('booking.specialist.fullWait')
            : t('booking.specialist.nextFree', { time: words.dayTime(nextFree), count: specialist.freeSlots })}
        </span>
      </span>
      <ChevronRight className="ch-icon" aria-hidden />
    </button>
  );
}
