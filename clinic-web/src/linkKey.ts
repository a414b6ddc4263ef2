/** Same shape as the token in the link: 256 random bits, base64url. */
const KEY_BYTES = 32;
/** Which kind of link: each has secrets of its own. */
type LinkKind = 'helper' | 'guest';
/** Enough to tell the links of one browser apart. */
const PREFIX = 12;

const nameOf = (kind: LinkKind, token: string): string => `ch.${kind}.${token.slice(0, PREFIX)}`;

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
export function browserKey(kind: LinkKind, token: string): string {
  const name = nameOf(kind, token);
  const known = localStorage.getItem(name);
  if (known !== null) return known;
  const key = newKey();
  localStorage.setItem(name, key);
  return key;
}

/** The link is dead: nothing of it stays behind. */
export const forgetBrowserKey = (kind: LinkKind, token: string): void => localStorage.removeItem(nameOf(kind, token));

/** The secret of a link is in its fragment, which no server ever sees; null when this is none. */
export function tokenOf(hash: string): string | null {
  const token = hash.replace(/^#/, '');
  return /^[\w-]{43}$/.test(token) ? token : null;
}
