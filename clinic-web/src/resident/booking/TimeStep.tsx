import type { SlotId } from '@cloud-hospital/protocol';
import { useApi } from '@cloud-hospital/ui/api';
import { skipToken, useQuery } from '@tanstack/react-query';
import { useTranslation } from 'react-i18next';
import { useNavigate } from 'react-router';
import { QueryState } from '../layout/QueryState.tsx';
import { stepPath } from './answers.ts';
import type { StepProps } from './StepProps.ts';
import { readComplaint } from './complaintDraft.ts';
import { StepFrame } from './StepFrame.tsx';
import { TakeSlotError } from './TakeSlotError.tsx';
import { Times } from './Times.tsx';
import { useTakeSlot } from './useTakeSlot.ts';

/** A day, then a time. Touching a time keeps it for five minutes at once, so that nobody types for nothing. */
export function TimeStep({ answers }: StepProps) {
  const { t } = useTranslation('resident');
  const { query } = useApi();
  const navigate = useNavigate();
  const { specialist, clinic, params, anyHold } = answers;
  const slots = useQuery(
    query.directory.slots.queryOptions({
      input:
        specialist === undefined
          ? skipToken
          : {
              practitionerRoleId: specialist.practitionerRoleId,
              ...(clinic === undefined ? {} : { locationId: clinic.locationId }),
            },
      staleTime: 5_000,
      refetchInterval: 30_000,
    }),
  );
  const take = useTakeSlot(answers.person?.patientId, (hold, slotId) => {
    const next = new URLSearchParams(params);
    next.set('department', hold.specialist.departmentCode);
    next.set('specialist', hold.specialist.practitionerRoleId);
    next.set('hold', hold.appointmentId);
    next.set('slot', slotId);
    next.delete('waitlist');
    const step = clinic === undefined ? 'clinic' : readComplaint().length < 2 ? 'complaint' : 'confirm';
    void navigate(stepPath(step, next));
  });
  const choose = (slotId: SlotId) => {
    if (!take.isPending) take.mutate({ slotId, previous: anyHold });
  };
  const wait = () => {
    const next = new URLSearchParams(params);
    next.delete('hold');
    next.delete('slot');
    next.set('waitlist', '1');
    void navigate(
      stepPath(clinic === undefined ? 'clinic' : readComplaint().length < 2 ? 'complaint' : 'confirm', next),
    );
  };
  return (
    <StepFrame step="time" answers={answers} lead={t('booking.time.lead')}>
      {take.isError ? <TakeSlotError error={take.error} onChoose={choose} /> : null}
      <QueryState query={slots}>
        {(data) => (
          <Times
            days={data.days}
            first={params.get('date')}
            heldStart={answers.hold?.start}
            choosing={take.isPending ? take.variables.slotId : null}
            onChoose={choose}
          />
        )}
      </QueryState>
      <section className="r-card b-wait" aria-labelledby="wait-title">
        <h2 id="wait-title" className="r-section__title">
          {t('waitlist.noneSuits')}
        </h2>
        <p className="r-muted">{t('waitlist.noneSuitsHint')}</p>
        <button type="button" className="r-secondary r-wide" onClick={wait} data-testid="wait-instead">
          {t('waitlist.join')}
        </button>
      </section>
    </StepFrame>
  );
}
