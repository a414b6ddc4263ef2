import type { QueuePlace } from '@cloud-hospital/protocol/rest';
import { formatTimeRange, StatusWord } from '@cloud-hospital/ui';
import { CircleAlert, Scale, Stethoscope, UserRound } from 'lucide-react';
import { useTranslation } from 'react-i18next';
import { Link } from 'react-router';
import { useWords } from '../layout/words.ts';
import { headlineOf } from './headline.ts';
import { minutesLate } from './promise.ts';
import { TimeBand } from './TimeBand.tsx';

/** More than these are written as a number only: nobody counts fifteen heads. */
const MOST_HEADS = 6;

/** The heart of the resident's pages: how many are ahead, when it will be, and why in this order. */
export function PlacePanel({ place }: { readonly place: QueuePlace }) {
  const { t } = useTranslation(['resident', 'common']);
  const words = useWords();
  const { expected, ahead } = place;
  const headline = headlineOf(place);
  return (
    <>
      <section className="w-panel" aria-live="polite" data-testid="waiting-panel" data-state={place.state}>
        <div className="w-panel__head">
          <p className="w-panel__ticket">
            {t('waiting.yourNumber')} <strong data-testid="ticket-number">{place.ticketNumber}</strong>
          </p>
          <StatusWord tone="waiting">{t('common:queue.state.waiting')}</StatusWord>
        </div>
        {headline !== 'ahead' ? (
          <p className="w-panel__big" data-testid="waiting-position" data-position={place.position}>
            {t(headline === 'next' ? 'common:queue.next' : 'waiting.first')}
          </p>
        ) : (
          <p className="w-panel__ahead" data-testid="waiting-position" data-position={place.position}>
            <span className="w-panel__before">{t('waiting.aheadBefore')}</span>
            <span className="w-panel__count">{ahead}</span>
            <span className="w-panel__after">{t('waiting.aheadAfter', { count: ahead })}</span>
          </p>
        )}
        <Heads ahead={ahead} />
        <div className="w-expected">
          <p data-testid="waiting-expected">
            <span className="r-muted">{t('waiting.expected')}</span>{' '}
            <strong className="w-expected__time">
              {expected === null
                ? t('common:queue.noEstimate')
                : formatTimeRange(expected.from, expected.to, words.locale)}
            </strong>
            {expected === null ? null : (
              <span className="w-expected__sure">{t(`common:queue.sureness.${expected.sureness}`)}</span>
            )}
          </p>
          {expected === null ? (
            <p className="r-muted">{t(`waiting.noPromise.${place.noPromise ?? 'soon'}`)}</p>
          ) : (
            <TimeBand expected={expected} />
          )}
        </div>
      </section>
      <BrokenPromise place={place} />
      <ul className="w-why">
        <li>
          <Stethoscope className="ch-icon" aria-hidden />
          <span data-testid="waiting-availability">
            <SpecialistNow place={place} />
          </span>
        </li>
        <li>
          <Scale className="ch-icon" aria-hidden />
          <span data-testid="waiting-reason">
            <strong>{t('waiting.why')}</strong> {t(`common:queue.order.${place.orderReason}`)}
          </span>
        </li>
      </ul>
    </>
  );
}

/** What the specialist does now; for a pool, what the one who is free soonest does. */
function SpecialistNow({ place }: { readonly place: QueuePlace }) {
  const { t } = useTranslation('resident');
  const words = useWords();
  const { specialistName: specialist, availability, breakUntil } = place;
  if (specialist === null) {
    return <>{t(`waiting.pool.${availability}`, { department: words.pick(place.departmentName) })}</>;
  }
  return (
    <>
      {availability === 'break' && breakUntil !== null
        ? t('waiting.availability.breakUntil', { specialist, time: words.time(breakUntil) })
        : t(`waiting.availability.${availability}`, { specialist })}
    </>
  );
}

function Heads({ ahead }: { readonly ahead: number }) {
  const { t } = useTranslation('resident');
  if (ahead === 0 || ahead > MOST_HEADS) return null;
  return (
    <div className="w-heads" aria-hidden>
      {Array.from({ length: ahead }, (_, index) => (
        <span key={ahead - index} className="w-head">
          <UserRound className="ch-icon" />
        </span>
      ))}
      <span className="w-head w-head--me">{t('waiting.me')}</span>
    </div>
  );
}

/** Told at once, with the reason and a way out, rather than a time that slips away quietly. */
function BrokenPromise({ place: { promise, expected } }: { readonly place: QueuePlace }) {
  const { t } = useTranslation(['resident', 'common']);
  const words = useWords();
  if (promise === null || promise.breachedAt === null) return null;
  const late = expected === null ? null : minutesLate(promise.first, expected);
  return (
    <div className="ch-note ch-note--attention" role="status" data-testid="promise-broken">
      <CircleAlert className="ch-note__icon" aria-hidden />
      <div className="ch-note__body">
        <p className="ch-note__title">{late === null ? t('waiting.lateOpen') : t('waiting.late', { count: late })}</p>
        <p>
          {promise.reason === null ? null : t(`common:queue.breach.${promise.reason}`)}
          {t('waiting.lateFirst', { from: words.time(promise.first.from), to: words.time(promise.first.to) })}
          {t('waiting.lateKept')}
        </p>
        <Link to="/book/department" className="r-plain r-plain--flush">
          {t('waiting.lateOther')}
        </Link>
      </div>
    </div>
  );
}
