import type { LocalDate, SlotId } from '@cloud-hospital/protocol';
import type { Appointment, Slot, SlotDay } from '@cloud-hospital/protocol/rest';
import { formatDay, noonOf } from '@cloud-hospital/ui';
import { useApi } from '@cloud-hospital/ui/api';
import { skipToken, useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { useNavigate } from 'react-router';
import { QueryState } from '../layout/QueryState.tsx';
import { useWords } from '../layout/words.ts';
import { stepPath } from './answers.ts';
import type { StepProps } from './StepProps.ts';
import { readComplaint } from './complaintDraft.ts';
import { DayStrip } from './DayStrip.tsx';
import { StepFrame } from './StepFrame.tsx';
import { TakeSlotError } from './TakeSlotError.tsx';
import { useTakeSlot } from './useTakeSlot.ts';

const PARTS = ['night', 'morning', 'afternoon', 'evening'] as const;

/** A day, then a time. Touching a time keeps it for five minutes at once, so that nobody types for nothing. */
export function TimeStep({ answers }: StepProps) {
  const { t } = useTranslation('resident');
  const { query } = useApi();
  const navigate = useNavigate();
  const { specialist, clinic, params, anyHold } = answers;
  const slots = useQuery(
    query.directory.slots.queryOptions({
      input: specialist === undefined ? skipToken : { practitionerRoleId: specialist.practitionerRoleId },
      staleTime: 5_000,
      refetchInterval: 30_000,
    }),
  );
  const take = useTakeSlot((hold, slotId) => {
    const next = new URLSearchParams(params);
    next.set('department', hold.specialist.departmentCode);
    next.set('specialist', hold.specialist.practitionerRoleId);
    next.set('hold', hold.appointmentId);
    next.set('slot', slotId);
    const step = clinic === undefined ? 'clinic' : readComplaint().length < 2 ? 'complaint' : 'confirm';
    void navigate(stepPath(step, next));
  });
  const choose = (slotId: SlotId) => {
    if (!take.isPending) take.mutate({ slotId, previous: anyHold });
  };
  return (
    <StepFrame step="time" answers={answers} lead={t('booking.time.lead')}>
      {take.isError ? <TakeSlotError error={take.error} onChoose={choose} /> : null}
      <QueryState query={slots}>
        {(data) => (
          <Times
            days={data.days}
            hold={answers.hold}
            choosing={take.isPending ? take.variables.slotId : null}
            onChoose={choose}
          />
        )}
      </QueryState>
    </StepFrame>
  );
}

interface TimesProps {
  readonly days: readonly SlotDay[];
  readonly hold: Appointment | undefined;
  readonly choosing: SlotId | null;
  readonly onChoose: (slotId: SlotId) => void;
}

function Times({ days, hold, choosing, onChoose }: TimesProps) {
  const { t } = useTranslation('resident');
  const words = useWords();
  const [chosen, setChosen] = useState<LocalDate | null>(null);
  const free = (day: SlotDay) => day.slots.filter((slot) => slot.free);
  const day = days.find(({ date }) => date === chosen) ?? days.find((candidate) => free(candidate).length > 0);
  if (day === undefined) return <p className="r-empty">{t('booking.time.none')}</p>;

  const partOf = (slot: Slot) => {
    const hour = Number(words.time(slot.start).slice(0, 2));
    return hour < 6 ? 'night' : hour < 12 ? 'morning' : hour < 18 ? 'afternoon' : 'evening';
  };
  return (
    <>
      <DayStrip days={days} selected={day.date} onSelect={setChosen} />
      {free(day).length === 0 ? (
        <p className="r-empty">{t('booking.time.dayFull', { day: formatDay(noonOf(day.date), words.locale) })}</p>
      ) : (
        PARTS.map((part) => {
          const slots = free(day).filter((slot) => partOf(slot) === part);
          return slots.length === 0 ? null : (
            <section key={part} className="r-section">
              <h2 className="b-part">{t(`booking.time.${part}`)}</h2>
              <ul className="b-times">
                {slots.map((slot) => (
                  <li key={slot.slotId}>
                    <button
                      type="button"
                      className="b-time"
                      aria-pressed={hold?.start === slot.start}
                      aria-busy={choosing === slot.slotId}
                      onClick={() => onChoose(slot.slotId)}
                      data-testid="slot"
                      data-slot={slot.slotId}
                    >
                      {words.time(slot.start)}
                    </button>
                  </li>
                ))}
              </ul>
            </section>
          );
        })
      )}
      <p className="r-muted r-small">{t('booking.time.note')}</p>
    </>
  );
}
