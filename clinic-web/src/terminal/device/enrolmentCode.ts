/** The code's alphabet leaves out what people confuse when they read a code aloud: 0, 1, I and O. */
export const CODE_ALPHABET = 'ABCDEFGHJKLMNPQRSTUVWXYZ23456789';
export const CODE_LENGTH = 8;

/** Whatever was typed or pasted as `XXXX-XXXX`, as far as it goes; other characters are left out. */
export function formatCode(text: string): string {
  const characters = Array.from(text.toUpperCase())
    .filter((one) => CODE_ALPHABET.includes(one))
    .slice(0, CODE_LENGTH);
  return characters.length > 4
    ? `${characters.slice(0, 4).join('')}-${characters.slice(4).join('')}`
    : characters.join('');
}

export const isCompleteCode = (formatted: string): boolean => formatted.length === CODE_LENGTH + 1;
