import { z } from 'zod';

const WEIGHTS = [7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2] as const;
const CHECK_DIGITS = '10X98765432';

/**
 * Check digit of a resident identity number by GB 11643-1999 (ISO 7064:1983, MOD 11-2).
 * @param first17 the first 17 digits
 * @returns one character, `0`–`9` or `X`
 */
export function identityCheckDigit(first17: string): string {
  let sum = 0;
  for (const [index, weight] of WEIGHTS.entries()) sum += Number(first17[index]) * weight;
  return CHECK_DIGITS.charAt(sum % 11);
}

/** Whether the text is 18 characters, holds a calendar date and the right check digit. */
export function isIdentityNumber(text: string): boolean {
  if (!/^\d{17}[\dX]$/.test(text)) return false;
  const [year, month, day] = [text.slice(6, 10), text.slice(10, 12), text.slice(12, 14)].map(Number);
  if (year === undefined || month === undefined || day === undefined || year < 1900) return false;
  const date = new Date(Date.UTC(year, month - 1, day));
  if (date.getUTCMonth() !== month - 1 || date.getUTCDate() !== day) return false;
  return identityCheckDigit(text.slice(0, 17)) === text.charAt(17);
}

/** Birth date and gender that a valid number carries (digit 17: odd is male). */
export function readIdentityNumber(valid: string): { birthDate: string; gender: 'male' | 'female' } {
  return {
    birthDate: `${valid.slice(6, 10)}-${valid.slice(10, 12)}-${valid.slice(12, 14)}`,
    gender: Number(valid.charAt(16)) % 2 === 1 ? 'male' : 'female',
  };
}

export const IdentityNumber = z
  .string()
  .trim()
  .toUpperCase()
  .refine(isIdentityNumber, { message: 'not a valid resident identity number' });
