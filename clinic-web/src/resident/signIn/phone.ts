/** What was typed or pasted, e.g. `+86 138-1234-5678`, as at most 11 digits. */
export function digitsOfPhone(typed: string): string {
  const digits = typed.replaceAll(/\D/g, '');
  return (digits.length > 11 && digits.startsWith('86') ? digits.slice(2) : digits).slice(0, 11);
}

/** `138 1234 5678`, the way people say it; also for an unfinished number. */
export const groupPhone = (digits: string): string =>
  [digits.slice(0, 3), digits.slice(3, 7), digits.slice(7)].filter((group) => group !== '').join(' ');

/** Same rule as the protocol's `Phone`, without loading its schema on the first page. */
export const isPhone = (digits: string): boolean => /^1[3-9]\d{9}$/.test(digits);
