import type { Instant, LocalDate, Locale } from '@cloud-hospital/protocol';

/** The district's one zone. Every instant is shown in it, wherever the browser believes to be. */
export const ZONE = 'Asia/Shanghai';

const formatters = new Map<string, Intl.DateTimeFormat>();
function formatter(locale: Locale, options: Intl.DateTimeFormatOptions): Intl.DateTimeFormat {
  const key = `${locale} ${JSON.stringify(options)}`;
  const known = formatters.get(key);
  if (known !== undefined) return known;
  const made = new Intl.DateTimeFormat(locale === 'en' ? 'en-GB' : 'zh-CN', { timeZone: ZONE, ...options });
  formatters.set(key, made);
  return made;
}

type When = Instant | Date | number;
const toDate = (when: When): Date => (when instanceof Date ? when : new Date(when));

/** `09:05`, 24 hours, two digits. */
export const formatTime = (when: When, locale: Locale): string =>
  formatter(locale, { hour: '2-digit', minute: '2-digit', hourCycle: 'h23' }).format(toDate(when));

/** `10:35–10:45`. */
export const formatTimeRange = (from: When, to: When, locale: Locale): string =>
  `${formatTime(from, locale)}–${formatTime(to, locale)}`;

/** `11月23日`, `23 Nov`. */
export const formatDay = (when: When, locale: Locale): string =>
  formatter(locale, { month: locale === 'en' ? 'short' : 'long', day: 'numeric' }).format(toDate(when));

/** `2026年11月23日`, `23 November 2026`. */
export const formatDate = (when: When, locale: Locale): string =>
  formatter(locale, { year: 'numeric', month: 'long', day: 'numeric' }).format(toDate(when));

/** `周一`, `Mon`. */
export const formatWeekday = (when: When, locale: Locale): string =>
  formatter(locale, { weekday: 'short' }).format(toDate(when));

export const formatDateTime = (when: When, locale: Locale): string =>
  `${formatDate(when, locale)} ${formatTime(when, locale)}`;

/** Calendar day in the district, `YYYY-MM-DD`. */
export function localDateOf(when: When): LocalDate {
  const parts = formatter('en', { year: 'numeric', month: '2-digit', day: '2-digit' }).formatToParts(toDate(when));
  const part = (type: Intl.DateTimeFormatPartTypes) => parts.find((candidate) => candidate.type === type)?.value ?? '';
  return `${part('year')}-${part('month')}-${part('day')}`;
}

/** Noon of a district day: an instant that every formatter shows as that day. China has had no summer time since 1991. */
export const noonOf = (date: LocalDate): Date => new Date(`${date}T12:00:00+08:00`);

/** How many calendar days `when` lies after `now` in the district: 0 is today. */
export const daysFromToday = (when: When, now: When): number =>
  Math.round((noonOf(localDateOf(when)).getTime() - noonOf(localDateOf(now)).getTime()) / 86_400_000);

export const formatRelativeMinutes = (minutes: number, locale: Locale): string =>
  new Intl.RelativeTimeFormat(locale, { numeric: 'auto' }).format(Math.round(minutes), 'minute');

/** A length as people say it: `90分钟`, `2 hours`. Whole hours as hours. */
export function formatDuration(minutes: number, locale: Locale): string {
  const inHours = minutes >= 60 && minutes % 60 === 0;
  return new Intl.NumberFormat(locale, {
    style: 'unit',
    unit: inHours ? 'hour' : 'minute',
    unitDisplay: 'long',
  }).format(inHours ? minutes / 60 : minutes);
}

/** `4:07` from milliseconds; never below zero. */
export function formatCountdown(milliseconds: number): string {
  const seconds = Math.max(0, Math.ceil(milliseconds / 1000));
  return `${Math.floor(seconds / 60)}:${String(seconds % 60).padStart(2, '0')}`;
}

/**
 * The server's clock as seen from here, from the `Date` header of every answer. The header is cut to whole seconds and
 * travels for an unknown time, so each answer only bounds the offset; intersecting the bounds narrows it below a second.
 */
export class ServerClock {
  #low = Number.NEGATIVE_INFINITY;
  #high = Number.POSITIVE_INFINITY;

  observeHeader(header: string | null, sentAt: number, receivedAt: number): void {
    const second = header === null ? Number.NaN : Date.parse(header);
    if (Number.isNaN(second)) return;
    const low = second - receivedAt;
    const high = second + 1000 - sentAt;
    const disjoint = low > this.#high || high < this.#low;
    // Disjoint: one of the two clocks was set. The newest answer is right.
    this.#low = disjoint ? low : Math.max(low, this.#low);
    this.#high = disjoint ? high : Math.min(high, this.#high);
  }

  /** Milliseconds to add to this device's clock; 0 before the first answer. */
  get offset(): number {
    return Number.isFinite(this.#low) ? (this.#low + this.#high) / 2 : 0;
  }

  now(): number {
    return Date.now() + this.offset;
  }
}

export const serverClock = new ServerClock();
