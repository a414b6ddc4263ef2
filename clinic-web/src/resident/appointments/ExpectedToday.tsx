import type { Appointment } from '@cloud-hospital/protocol/rest';
import { useServerNow } from '@cloud-hospital/ui';
import { useApi } from '@cloud-hospital/ui/api';
import { useQuery } from '@tanstack/react-query';
import { Clock } from 'lucide-react';
import { useTranslation } from 'react-i18next';
import { useWords } from '../layout/words.ts';
import './expectedToday.css';

/** The day moves on; so does what can be said of it. Milliseconds. */
const ASK_EVERY_MS = 60_000;

/** On the day: when somebody who hasn't checked in will be called as the day goes now. Nothing on other days. */
export function ExpectedToday({ appointment }: { readonly appointment: Appointment }) {
  const words = useWords();
  const now = useServerNow(ASK_EVERY_MS);
  const isToday = words.day(appointment.start) === words.day(new Date(now).toISOString());
  return appointment.status === 'booked' && isToday ? <Expected appointment={appointment} /> : null;
}

function Expected({ appointment: { appointmentId } }: { readonly appointment: Appointment }) {
  const { t } = useTranslation(['resident', 'common']);
  const { query } = useApi();
  const words = useWords();
  const { data } = useQuery(
    query.appointments.expectedTime.queryOptions({ input: { appointmentId }, refetchInterval: ASK_EVERY_MS }),
  );
  if (data === undefined || (data.expected === null && data.noPromise === null)) return null;
  const { expected, noPromise } = data;
  return (
    <div className="a-expected" role="status" data-testid="expected-today">
      <Clock className="ch-icon" aria-hidden />
      <div>
        {expected === null ? (
          <p>{noPromise === null ? null : t(`expectedToday.${noPromise}`)}</p>
        ) : (
          <>
            <p className="r-muted">
              {t('expectedToday.label')} · {t(`common:queue.sureness.${expected.sureness}`)}
            </p>
            <p className="a-expected__time r-keep">
              {t('expectedToday.time', { from: words.time(expected.from), to: words.time(expected.to) })}
            </p>
            <p className="r-muted r-small">{t('expectedToday.hint')}</p>
          </>
        )}
      </div>
    </div>
  );
}
