import type { WaitlistEntry } from '@cloud-hospital/protocol/rest';
import { ErrorNote, formatCountdown, useServerNow } from '@cloud-hospital/ui';
import { useApi } from '@cloud-hospital/ui/api';
import { useMutation, useQueryClient } from '@tanstack/react-query';
import { Clock, Hourglass } from 'lucide-react';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { useNavigate } from 'react-router';
import { useWords } from '../layout/words.ts';
import { Tick } from '../layout/Tick.tsx';
import './waitlist.css';

/** What is offered now before everything else, then the places on the lists. */
export function WaitlistCards({ entries }: { readonly entries: readonly WaitlistEntry[] }) {
  const { t } = useTranslation('resident');
  const offers = entries.filter(({ offer }) => offer !== null);
  const waiting = entries.filter(({ offer }) => offer === null);
  return (
    <>
      {offers.map((entry) => (
        <OfferCard key={entry.appointmentId} entry={entry} />
      ))}
      {waiting.length === 0 ? null : (
        <section className="r-section" aria-labelledby="waitlist-title">
          <h2 id="waitlist-title" className="r-section__title">
            {t('waitlist.title')}
          </h2>
          {waiting.map((entry) => (
            <WaitingCard key={entry.appointmentId} entry={entry} />
          ))}
        </section>
      )}
    </>
  );
}

/** A time that became free, kept for this person while it counts down. One press books it. */
function OfferCard({ entry }: { readonly entry: WaitlistEntry }) {
  const { t } = useTranslation(['resident', 'common', 'phoneVisit']);
  const { query } = useApi();
  const queryClient = useQueryClient();
  const [byPhone, setByPhone] = useState(false);
  const navigate = useNavigate();
  const words = useWords();
  const now = useServerNow();
  const { appointmentId, version, offer, clinic, complaint, specialist, phoneAllowed } = entry;
  const refetch = () =>
    Promise.all([
      queryClient.invalidateQueries({ queryKey: query.waitlist.key() }),
      queryClient.invalidateQueries({ queryKey: query.appointments.list.key() }),
    ]);
  const confirm = useMutation(
    query.appointments.confirm.mutationOptions({
      onSuccess: async (appointment) => {
        queryClient.setQueryData(query.appointments.get.queryKey({ input: { appointmentId } }), appointment);
        await navigate(`/appointments/${appointmentId}?booked`);
      },
      onSettled: refetch,
    }),
  );
  const decline = useMutation(query.waitlist.decline.mutationOptions({ onSettled: refetch }));
  if (offer === null) return null;
  const left = Date.parse(offer.expiresAt) - now;
  const busy = confirm.isPending || decline.isPending;
  return (
    <section className="r-next r-next--attention" aria-label={t('waitlist.offer')} data-testid="waitlist-offer">
      <p className="r-next__label w-left">
        <Clock className="ch-icon" aria-hidden />
        {left > 0 ? (
          <>
            {t('waitlist.offerLeft')} <strong>{formatCountdown(left)}</strong>
          </>
        ) : (
          t('waitlist.offerOver')
        )}
      </p>
      <p className="r-next__time r-keep">{words.dayTime(offer.start)}</p>
      <div className="r-next__who r-keep">
        <p className="r-next__line">{words.departmentAndSpecialist(specialist)}</p>
        {clinic === null ? null : <p className="r-muted">{words.pick(clinic.name)}</p>}
      </div>
      {confirm.isError ? <ErrorNote error={confirm.error} /> : null}
      {decline.isError ? <ErrorNote error={decline.error} /> : null}
      {left > 0 && clinic !== null ? (
        <>
          {phoneAllowed ? (
            <Tick
              label={t('phoneVisit:booking.title')}
              hint={t('phoneVisit:booking.hint')}
              checked={byPhone}
              onChange={setByPhone}
              testId="offer-by-phone"
              isCard={false}
            />
          ) : null}
          <button
            type="button"
            className="r-primary"
            disabled={busy}
            onClick={() =>
              confirm.mutate({ appointmentId, version, locationId: clinic.locationId, complaint, byPhone })
            }
            data-testid="offer-accept"
          >
            {confirm.isPending ? t('common:state.sending') : t('waitlist.accept')}
          </button>
          <button
            type="button"
            className="r-plain"
            disabled={busy}
            onClick={() => decline.mutate({ appointmentId })}
            data-testid="offer-decline"
          >
            {t('waitlist.decline')}
          </button>
        </>
      ) : null}
    </section>
  );
}

/** The place on one list, honestly, and the way off it. */
function WaitingCard({ entry }: { readonly entry: WaitlistEntry }) {
  const { t } = useTranslation(['resident', 'common']);
  const { query } = useApi();
  const queryClient = useQueryClient();
  const words = useWords();
  const [asking, setAsking] = useState(false);
  const { appointmentId, specialist, ahead, from, to, passedOver } = entry;
  const leave = useMutation(
    query.waitlist.leave.mutationOptions({
      onSettled: () => queryClient.invalidateQueries({ queryKey: query.waitlist.key() }),
    }),
  );
  const [latestPass] = passedOver;
  const day = (date: string) => words.day(`${date}T12:00:00+08:00`);
  return (
    <article className="r-card w-card" data-testid="waitlist-entry">
      <div className="r-keep">
        <p className="r-row__title">{words.departmentAndSpecialist(specialist)}</p>
        <p className="r-muted r-small">{words.pick(specialist.hospital.name)}</p>
      </div>
      <p className="w-place" data-testid="waitlist-place">
        <Hourglass className="ch-icon" aria-hidden />
        {ahead === 0 ? t('waitlist.first') : t('waitlist.place', { place: ahead + 1, count: ahead })}
      </p>
      <p className="r-muted r-small">
        {from === null && to === null
          ? t('waitlist.days-any')
          : from === null
            ? t('waitlist.days-to', { to: day(to ?? '') })
            : to === null
              ? t('waitlist.days-from', { from: day(from) })
              : t('waitlist.days-between', { from: day(from), to: day(to) })}
      </p>
      {latestPass === undefined ? null : (
        <p className="r-small">
          {t(`waitlist.passed-${latestPass.reason}`, { time: words.dayTime(latestPass.start) })}
        </p>
      )}
      {leave.isError ? <ErrorNote error={leave.error} /> : null}
      {asking ? (
        <div className="w-ask">
          <p>{t('waitlist.leaveAsk')}</p>
          <button
            type="button"
            className="r-secondary r-secondary--danger r-wide"
            disabled={leave.isPending}
            onClick={() => leave.mutate({ appointmentId })}
            data-testid="waitlist-leave-confirm"
          >
            {leave.isPending ? t('common:state.sending') : t('waitlist.leaveConfirm')}
          </button>
          <button type="button" className="r-plain" onClick={() => setAsking(false)}>
            {t('waitlist.stay')}
          </button>
        </div>
      ) : (
        <button
          type="button"
          className="r-plain r-plain--flush"
          onClick={() => setAsking(true)}
          data-testid="waitlist-leave"
        >
          {t('waitlist.leave')}
        </button>
      )}
    </article>
  );
}
