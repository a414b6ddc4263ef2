import type { SlotId } from '@cloud-hospital/protocol';
import type { Appointment, Specialist } from '@cloud-hospital/protocol/rest';
import { Zap } from 'lucide-react';
import { useTranslation } from 'react-i18next';
import { useNavigate } from 'react-router';
import { useWords } from '../layout/words.ts';
import { stepPath } from './answers.ts';
import { readComplaint } from './complaintDraft.ts';
import { TakeSlotError } from './TakeSlotError.tsx';
import type { Answers } from './useAnswers.ts';
import { useTakeSlot } from './useTakeSlot.ts';

interface EarliestCardProps {
  /** Whose next free time is the soonest of all. */
  readonly specialist: Specialist;
  readonly answers: Answers;
}

/** "The earliest anywhere": one touch keeps the soonest free time of the department, whoever and wherever it is. */
export function EarliestCard({ specialist, answers }: EarliestCardProps) {
  const { t } = useTranslation(['resident', 'common']);
  const words = useWords();
  const navigate = useNavigate();
  const { params, clinic, anyHold } = answers;
  const { nextFree, nextFreeSlot } = specialist;
  const take = useTakeSlot(answers.person?.patientId, (hold: Appointment, slotId: SlotId) => {
    const next = new URLSearchParams(params);
    next.set('department', hold.specialist.departmentCode);
    next.set('specialist', hold.specialist.practitionerRoleId);
    next.set('hold', hold.appointmentId);
    next.set('slot', slotId);
    next.delete('waitlist');
    const step = clinic === undefined ? 'clinic' : readComplaint().length < 2 ? 'complaint' : 'confirm';
    void navigate(stepPath(step, next));
  });
  if (nextFree === null || nextFreeSlot === null) return null;
  const choose = (slotId: SlotId) => {
    if (!take.isPending) take.mutate({ slotId, previous: anyHold });
  };
  return (
    <section className="b-earliest" aria-label={t('booking.earliest.title')}>
      <p className="b-earliest__title">{t('booking.earliest.title')}</p>
      <p className="b-earliest__time r-keep">{words.dayTime(nextFree)}</p>
      <p className="r-keep">
        {words.specialistTitled(specialist)}
        <br />
        <span className="r-muted">{words.pick(specialist.hospital.name)}</span>
      </p>
      {take.isError ? <TakeSlotError error={take.error} onChoose={choose} /> : null}
      <button
        type="button"
        className="r-primary"
        disabled={take.isPending}
        onClick={() => choose(nextFreeSlot)}
        data-testid="earliest"
      >
        <Zap className="ch-icon" aria-hidden />
        {take.isPending ? t('common:state.sending') : t('booking.earliest.take')}
      </button>
    </section>
  );
}
