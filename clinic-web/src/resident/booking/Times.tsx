import type { Instant, LocalDate, SlotId } from '@cloud-hospital/protocol';
import type { ClinicLoad, Slot, SlotDay } from '@cloud-hospital/protocol/rest';
import { formatDay, noonOf } from '@cloud-hospital/ui';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { useWords } from '../layout/words.ts';
import { DayStrip } from './DayStrip.tsx';

const PARTS = ['night', 'morning', 'afternoon', 'evening'] as const;

interface TimesProps {
  readonly days: readonly SlotDay[];
  /** The day to begin with, where somebody asked for one. */
  readonly first?: string | null;
  readonly heldStart: Instant | undefined;
  readonly choosing: SlotId | null;
  readonly onChoose: (slotId: SlotId) => void;
}

/** The days with what is free on each, and the times of one. */
export function Times({ days, first = null, heldStart, choosing, onChoose }: TimesProps) {
  const { t } = useTranslation('resident');
  const words = useWords();
  const [chosen, setChosen] = useState<LocalDate | null>(null);
  const free = (day: SlotDay) => day.slots.filter((slot) => slot.free);
  const day =
    days.find(({ date }) => date === (chosen ?? first)) ?? days.find((candidate) => free(candidate).length > 0);
  if (day === undefined) return <p className="r-empty">{t('booking.time.none')}</p>;

  const partOf = (slot: Slot) => {
    const hour = Number(words.time(slot.start).slice(0, 2));
    return hour < 6 ? 'night' : hour < 12 ? 'morning' : hour < 18 ? 'afternoon' : 'evening';
  };
  return (
    <>
      <DayStrip
        days={days.map((one) => ({ date: one.date, free: free(one).length }))}
        selected={day.date}
        onSelect={setChosen}
      />
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
                      aria-pressed={heldStart === slot.start}
                      aria-busy={choosing === slot.slotId}
                      onClick={() => onChoose(slot.slotId)}
                      data-testid="slot"
                      data-slot={slot.slotId}
                    >
                      {words.time(slot.start)}
                      {slot.clinicLoad === null ? null : <LoadWord load={slot.clinicLoad} />}
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

/** How many sit in the chosen clinic then; a full hour is said, not only coloured. */
function LoadWord({ load }: { readonly load: ClinicLoad }) {
  const { t } = useTranslation('resident');
  if (load.full) return <span className="b-time__load b-time__load--full">{t('load.fullShort')}</span>;
  return load.inHour === 0 ? null : <span className="b-time__load">{t('load.short', { count: load.inHour })}</span>;
}
