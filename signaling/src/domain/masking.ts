/** What is shown of somebody where the whole of it is not needed. */

/** `110*************17`: enough to recognise one's own, not enough to use. */
export const maskIdentityNumber = (number: string): string =>
  `${number.slice(0, 3)}${'*'.repeat(number.length - 5)}${number.slice(-2)}`;

/** `138****5678`. */
export const maskPhone = (phone: string | null): string =>
  phone === null ? '' : `${phone.slice(0, 3)}****${phone.slice(-4)}`;

/** `王**`: the family name only. Two-character family names are rare enough to be shown by their first. */
export const maskName = (name: string): string => `${name.slice(0, 1)}${'*'.repeat(Math.max(1, name.length - 1))}`;
