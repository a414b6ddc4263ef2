import { createHash, randomBytes } from 'node:crypto';

const TOKEN_BYTES = 32;
const TOKEN_LENGTH = 43;

/** 256 random bits, base64url. */
export const newToken = (): string => randomBytes(TOKEN_BYTES).toString('base64url');

/** What the database keeps. A random token needs no salt and no slow hash. */
export const tokenHash = (token: string): Buffer => createHash('sha256').update(token).digest();

/** Keeps text of other shapes away from the database. */
export const looksLikeToken = (text: string | undefined): text is string =>
  text?.length === TOKEN_LENGTH && /^[\w-]+$/.test(text);
