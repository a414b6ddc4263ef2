import { AppError } from '@cloud-hospital/protocol';
import type { HelperView } from '@cloud-hospital/protocol/rest';
import { ErrorNote, formatTimeRange } from '@cloud-hospital/ui';
import { useApi } from '@cloud-hospital/ui/api';
import { useQuery } from '@tanstack/react-query';
import { LinkIcon } from 'lucide-react';
import { useEffect, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { useLocation } from 'react-router';
import { Loading } from '../layout/Loading.tsx';
import { Page } from '../layout/Page.tsx';
import { QrCode } from '../layout/QrCode.tsx';
import { useWords } from '../layout/words.ts';
import { formatTimeSeconds } from '../waiting/formatTimeSeconds.ts';
import '../appointments/appointments.css';
import '../waiting/waiting.css';
import { browserKey, forgetBrowserKey, tokenOf } from '../../linkKey.ts';

/** There is no socket without a session: the place is asked for. */
const ASK_EVERY_MS = 10_000;

/** For whoever comes along: one ticket, its place, nothing else, without signing in. */
export function HelperPage() {
  const { hash } = useLocation();
  const token = tokenOf(hash);
  return token === null ? <Gone /> : <Opened key={token} token={token} />;
}

function Opened({ token }: { readonly token: string }) {
  const { t } = useTranslation('people');
  const { query } = useApi();
  const [key] = useState(() => browserKey('helper', token));
  const link = useQuery(
    query.helperLinks.open.queryOptions({
      input: { token, key },
      staleTime: 0,
      refetchInterval: ({ state }) => (state.error === null ? ASK_EVERY_MS : false),
      refetchOnWindowFocus: 'always',
      refetchOnReconnect: 'always',
    }),
  );
  const gone = link.error instanceof AppError && link.error.code === 'NOT_FOUND';
  useEffect(() => {
    if (gone) forgetBrowserKey('helper', token);
  }, [gone, token]);
  if (gone) return <Gone />;
  if (link.data === undefined) {
    return (
      <Page title={t('helper.ticket')}>
        {link.isError ? <ErrorNote error={link.error} onRetry={() => void link.refetch()} /> : <Loading />}
      </Page>
    );
  }
  return (
    <Page title={t('helper.title', { name: link.data.patientNameMasked })}>
      <Ticket view={link.data} />
      <p className="r-muted r-small">{t('helper.privacy')}</p>
    </Page>
  );
}

function Ticket({ view }: { readonly view: HelperView }) {
  const { t } = useTranslation('people');
  const words = useWords();
  const { ticketNumber, ticketQr, start, specialistName, clinicName, clinicAddress, clinicPhone, byPhone, place, now } =
    view;
  return (
    <>
      {place === null ? null : <Place place={place} ticketNumber={ticketNumber} byPhone={byPhone} />}
      <section className="a-ticket" aria-label={t('helper.ticket')} data-testid="helper-ticket">
        <div className="a-ticket__head">
          <div>
            <p className="a-ticket__label">{t('helper.ticket')}</p>
            <p className="a-ticket__number" data-testid="ticket-number">
              {ticketNumber}
            </p>
          </div>
          <div className="a-ticket__when">
            <p className="a-ticket__label">{words.dayWeekday(start)}</p>
            <p className="a-ticket__time">{words.time(start)}</p>
          </div>
        </div>
        <div className="a-ticket__cut" aria-hidden />
        <div className="a-ticket__body">
          {place === null ? (
            <>
              {byPhone ? null : <QrCode text={ticketQr} label={t('helper.qr')} size={208} />}
              <p>{t(byPhone ? 'helper.bookedPhone' : 'helper.booked')}</p>
            </>
          ) : null}
        </div>
      </section>
      <dl className="r-card r-facts r-keep">
        <div>
          <dt>{t('helper.specialist')}</dt>
          <dd>{specialistName}</dd>
        </div>
        <div>
          <dt>{t('helper.clinic')}</dt>
          <dd>
            {words.pick(clinicName)}
            <br />
            <span className="r-muted">{clinicAddress}</span>
            <br />
            <a href={`tel:${clinicPhone}`} className="a-phone">
              {clinicPhone}
            </a>
          </dd>
        </div>
      </dl>
      <p className="w-heard">
        <span className="w-heard__dot" aria-hidden />
        {t('helper.updated', { time: formatTimeSeconds(Date.parse(now), words.locale) })}
      </p>
    </>
  );
}

interface PlaceProps {
  readonly place: NonNullable<HelperView['place']>;
  readonly ticketNumber: string;
  readonly byPhone: boolean;
}

function Place({ place, ticketNumber, byPhone }: PlaceProps) {
  const { t } = useTranslation(['people', 'resident', 'common']);
  const words = useWords();
  const { state, ahead, availability, expected, orderReason } = place;
  const isThere = availability === 'available' || availability === 'in-call';
  const isOn = state === 'called' || state === 'serving';
  const line =
    state === 'called'
      ? t(byPhone ? 'helper.calledPhone' : 'helper.called')
      : state === 'serving'
        ? t('helper.serving')
        : state !== 'waiting'
          ? t('helper.over')
          : ahead > 0
            ? t('helper.ahead', { count: ahead })
            : t(isThere ? 'helper.next' : 'helper.first');
  return (
    <section
      className={isOn ? 'w-panel w-panel--called' : 'w-panel'}
      aria-live="polite"
      data-testid="helper-place"
      data-state={state}
    >
      <p className="w-panel__ticket">
        {t('helper.ticket')} <strong>{ticketNumber}</strong>
      </p>
      <p className="w-panel__big">{line}</p>
      {state === 'waiting' ? (
        <div className="w-expected">
          <p>
            <strong className="w-expected__time">
              {expected === null
                ? t('common:queue.noEstimate')
                : formatTimeRange(expected.from, expected.to, words.locale)}
            </strong>
            {expected === null ? <span className="r-muted">{t('helper.noEstimate')}</span> : null}
          </p>
          <p className="r-muted">
            {t('resident:waiting.why')} {t(`common:queue.order.${orderReason}`)}
          </p>
        </div>
      ) : null}
    </section>
  );
}

/** Used up, taken back, too old, over: all the same from outside. */
function Gone() {
  const { t } = useTranslation('people');
  return (
    <Page title={t('helper.gone')} lead={t('helper.goneWhy')}>
      <p className="r-empty" data-testid="helper-gone">
        <LinkIcon className="ch-icon" aria-hidden />
        {t('helper.goneHow')}
      </p>
    </Page>
  );
}
