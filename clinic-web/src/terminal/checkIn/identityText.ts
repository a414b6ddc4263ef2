import { isIdentityNumber, readIdentityNumber } from '@cloud-hospital/protocol';

export const IDENTITY_LENGTH = 18;

/** Digits, and an X only where the check digit stands; what a card reader or a hand types beside it is left out. */
export function cleanIdentity(text: string): string {
  const characters = text.toUpperCase().replaceAll(/[^\dX]/g, '');
  const digits = characters.slice(0, IDENTITY_LENGTH - 1).replaceAll('X', '');
  return digits.length < IDENTITY_LENGTH - 1 ? digits : digits + characters.slice(IDENTITY_LENGTH - 1, IDENTITY_LENGTH);
}

/** `110105 19491231 002X`: region, birth date, rest, as it stands on the card. */
export const groupIdentity = (text: string): string =>
  [text.slice(0, 6), text.slice(6, 14), text.slice(14)].filter((part) => part !== '').join(' ');

export type IdentityJudgement =
  | { readonly state: 'incomplete'; readonly left: number }
  | { readonly state: 'wrong-date' | 'wrong-check-digit' }
  | {
      readonly state: 'right';
      readonly birthDate: string;
      readonly gender: 'male' | 'female';
    };

/** Whether `YYYYMMDD` is a day of the calendar since 1900. */
function isBirthDate(text: string): boolean {
  const [year, month, day] = [Number(text.slice(0, 4)), Number(text.slice(4, 6)), Number(text.slice(6, 8))];
  const date = new Date(Date.UTC(year, month - 1, day));
  return year >= 1900 && date.getUTCMonth() === month - 1 && date.getUTCDate() === day;
}

/** What can be said about the number so far; a wrong date is said as soon as it is complete. */
export function judgeIdentity(text: string): IdentityJudgement {
  if (text.length >= 14 && !isBirthDate(text.slice(6, 14))) return { state: 'wrong-date' };
  if (text.length < IDENTITY_LENGTH) return { state: 'incomplete', left: IDENTITY_LENGTH - text.length };
  return isIdentityNumber(text) ? { state: 'right', ...readIdentityNumber(text) } : { state: 'wrong-check-digit' };
}

/** Full years at `today`, both as `YYYY-MM-DD`. */
export function ageOn(today: string, birthDate: string): number {
  const years = Number(today.slice(0, 4)) - Number(birthDate.slice(0, 4));
  return today.slice(5) < birthDate.slice(5) ? years - 1 : years;
}
