import { formatDay, formatTime, formatWeekday, useServerNow } from '@cloud-hospital/ui';
import { useLocale } from '@cloud-hospital/ui/i18n';

/** The server's time of day: the one that queue and appointments go by. */
export function Clock() {
  const locale = useLocale();
  const now = useServerNow(5000);
  return (
    <p className="t-clock">
      <time className="t-clock__time" dateTime={new Date(now).toISOString()}>
        {formatTime(now, locale)}
      </time>
      <span className="t-clock__day">
        {formatWeekday(now, locale)} {formatDay(now, locale)}
      </span>
    </p>
  );
}
