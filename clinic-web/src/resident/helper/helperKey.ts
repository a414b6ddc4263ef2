/** Same shape as the token in the link: 256 random bits, base64url. */
const KEY_BYTES = 32;
const NAME = 'ch.helper.';
/** Enough to tell the links of one browser apart. */
const PREFIX = 12;

const newKey = (): string => {
  const bytes = crypto.getRandomValues(new Uint8Array(KEY_BYTES));
  return btoa(String.fromCharCode(...bytes))
    .replaceAll('+', '-')
    .replaceAll('/', '_')
    .replaceAll('=', '');
};

/**
 * This browser's key to one link, made before the link is first opened and kept: a lost answer, a reload or a locked
 * phone finds the link still bound to this browser.
 */
export function helperKey(token: string): string {
  const name = NAME + token.slice(0, PREFIX);
  const known = localStorage.getItem(name);
  if (known !== null) return known;
  const key = newKey();
  localStorage.setItem(name, key);
  return key;
}

/** The link is dead: nothing of it stays behind. */
export const forgetHelperKey = (token: string): void => localStorage.removeItem(NAME + token.slice(0, PREFIX));

/** The secret of a link is in its fragment, which no server ever sees; null when this is none. */
export function tokenOf(hash: string): string | null {
  const token = hash.replace(/^#/, '');
  return /^[\w-]{43}$/.test(token) ? token : null;
}
