import type { Face } from '@cloud-hospital/protocol';
import type { Config } from '../config.ts';

/** The device's cookie lies beside the face's own: staff come and go on an enrolled terminal. */
export const DEVICE_COOKIE = 'ch_device';
export const faceCookie = (face: Face): string => `ch_${face}`;

/** Whether browsers reach us by https, so that cookies may be kept off plain connections. */
export const servesHttps = (config: Pick<Config, 'TLS_BEHIND_PROXY' | 'TLS_CERT_FILE' | 'PUBLIC_ORIGIN'>): boolean =>
  config.TLS_BEHIND_PROXY ||
  config.TLS_CERT_FILE !== undefined ||
  config.PUBLIC_ORIGIN.some((origin) => origin.startsWith('https:'));

/** @returns the value of the first cookie of that name */
export function readCookie(header: string | undefined, name: string): string | undefined {
  for (const pair of header?.split(';') ?? []) {
    const split = pair.indexOf('=');
    if (split > 0 && pair.slice(0, split).trim() === name) return pair.slice(split + 1).trim();
  }
  return undefined;
}

/** A whole Set-Cookie header. @param maxAgeSeconds 0 removes the cookie */
export const setCookie = (name: string, value: string, maxAgeSeconds: number, secure: boolean): string =>
  `${name}=${value}; Path=/; Max-Age=${maxAgeSeconds}; HttpOnly; SameSite=Strict${secure ? '; Secure' : ''}`;
