import { useApi } from '@cloud-hospital/ui/api';
import { skipToken, useQuery } from '@tanstack/react-query';
import { Clock } from 'lucide-react';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { Link, useNavigate } from 'react-router';
import { useWords } from '../layout/words.ts';
import { stepPath } from './answers.ts';
import type { StepProps } from './StepProps.ts';
import { TakeSlotError } from './TakeSlotError.tsx';
import { useTakeSlot } from './useTakeSlot.ts';

/** This phone's clock and the server's agree to about a second: at first the time may still count as kept. */
const CLOCKS_AGREE_MS = 1_500;
const REFRESH_MS = 2_000;

/** The five minutes are over. The same time again, if it is still free, else another one; all other answers stay. */
export function HoldLost({ answers }: StepProps) {
  const { t } = useTranslation(['resident', 'common']);
  const { query } = useApi();
  const words = useWords();
  const navigate = useNavigate();
  const { specialist, params } = answers;
  const slots = useQuery(
    query.directory.slots.queryOptions({
      input: specialist === undefined ? skipToken : { practitionerRoleId: specialist.practitionerRoleId },
      staleTime: 0,
      refetchInterval: REFRESH_MS,
    }),
  );
  const [openedAt] = useState(() => Date.now());
  const slot = slots.data?.days
    .flatMap((day) => day.slots)
    .find(({ slotId, free }) => free && slotId === params.get('slot'));
  const take = useTakeSlot(answers.person?.patientId, (hold, slotId) => {
    const next = new URLSearchParams(params);
    next.set('specialist', hold.specialist.practitionerRoleId);
    next.set('hold', hold.appointmentId);
    next.set('slot', slotId);
    void navigate(stepPath('confirm', next), { replace: true });
  });
  return (
    <>
      <div className="ch-note ch-note--attention" role="alert" data-testid="hold-lost">
        <Clock className="ch-note__icon" aria-hidden />
        <div className="ch-note__body">
          <p className="ch-note__title">{t('booking.lost.title')}</p>
          <p>
            {slot !== undefined
              ? t('booking.lost.free')
              : slots.dataUpdatedAt - openedAt > CLOCKS_AGREE_MS
                ? t('booking.lost.taken')
                : t('common:state.loading')}
          </p>
        </div>
      </div>
      {take.isError ? (
        <TakeSlotError error={take.error} onChoose={(slotId) => take.mutate({ slotId, previous: undefined })} />
      ) : null}
      <div className="r-bar">
        {slot === undefined ? null : (
          <button
            type="button"
            className="r-primary"
            disabled={take.isPending}
            onClick={() => take.mutate({ slotId: slot.slotId, previous: undefined })}
            data-testid="hold-again"
          >
            {t('booking.lost.again', { time: words.dayTime(slot.start) })}
          </button>
        )}
        <Link to={stepPath('time', params)} className={slot === undefined ? 'r-primary' : 'r-plain'}>
          {t('booking.lost.other')}
        </Link>
      </div>
    </>
  );
}
