/**
 * Calendar arithmetic in Asia/Shanghai, the one time zone of this service. China has kept UTC+8 without daylight saving
 * since 1992, so a fixed offset is exact for every date that can occur here.
 */
const OFFSET_MS = 8 * 3_600_000;
const DAY_MS = 24 * 3_600_000;

/** Name of the zone for `AT TIME ZONE` and `Intl`. */
export const TIME_ZONE = 'Asia/Shanghai';

/** The calendar day at that instant, `YYYY-MM-DD`. */
export const localDate = (at: Date): string => new Date(at.getTime() + OFFSET_MS).toISOString().slice(0, 10);

/** Hour of the day at that instant, 0–23. */
export const localHour = (at: Date): number => new Date(at.getTime() + OFFSET_MS).getUTCHours();

/** The instant at which that day begins. @param date `YYYY-MM-DD` */
export const startOfDay = (date: string): Date => new Date(Date.parse(`${date}T00:00:00Z`) - OFFSET_MS);

/** The day so many days later. @param date `YYYY-MM-DD` */
export const addDays = (date: string, days: number): string =>
  new Date(Date.parse(`${date}T00:00:00Z`) + days * DAY_MS).toISOString().slice(0, 10);

/** The half-open interval of that day. @param date `YYYY-MM-DD` */
export function dayBounds(date: string): { start: Date; end: Date } {
  const start = startOfDay(date);
  return { start, end: new Date(start.getTime() + DAY_MS) };
}

/**
 * Age in full years. Somebody born on 29 February becomes older on 1 March of a common year.
 * @param birthDate `YYYY-MM-DD` @param onDate `YYYY-MM-DD`
 */
export function fullYears(birthDate: string, onDate: string): number {
  const years = Number(onDate.slice(0, 4)) - Number(birthDate.slice(0, 4));
  const hadBirthday = onDate.slice(5) >= birthDate.slice(5);
  return Math.max(0, hadBirthday ? years : years - 1);
}

/** The time of day as messages to phones say it, e.g. `10:20`. */
export const localTime = (at: Date): string => new Date(at.getTime() + OFFSET_MS).toISOString().slice(11, 16);

/** A day and time as messages to phones say it, e.g. `11月23日 10:20`. */
export function localDateTime(at: Date): string {
  const local = new Date(at.getTime() + OFFSET_MS).toISOString();
  return `${Number(local.slice(5, 7))}月${Number(local.slice(8, 10))}日 ${local.slice(11, 16)}`;
}
