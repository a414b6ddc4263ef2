import { randomInt } from 'node:crypto';

/** Without 0, 1, I and O, which people confuse when they read a code aloud: 32 characters, 5 bits each. */
const ALPHABET = 'ABCDEFGHJKLMNPQRSTUVWXYZ23456789';

const group = (): string => Array.from({ length: 4 }, () => ALPHABET[randomInt(ALPHABET.length)]).join('');

/** `XXXX-XXXX`, 40 random bits: for codes that live shortly or are counted, and are typed by people. */
export const newReadableCode = (): string => `${group()}-${group()}`;
