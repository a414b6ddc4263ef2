import { createHmac } from 'node:crypto';
import type { IceServer } from '@cloud-hospital/protocol/socket';

/** Long enough for a join and a restart of ICE; a relay checks it only when an allocation begins. Seconds. */
const CREDENTIAL_SECONDS = 300;

/**
 * Relays with credentials that end by themselves: user name `<expiry>:<peerId>`, password base64(HMAC-SHA1(secret,
 * user name)), the "TURN REST API" (draft-uberti-behave-turn-rest-00) that coturn's `use-auth-secret` checks.
 *
 * @param urls comma-separated `turn:` and `stun:` addresses; empty: none
 */
export function iceServersFor(urls: string, secret: string, peerId: string, nowMs: number): IceServer[] {
  const all = urls
    .split(',')
    .map((url) => url.trim())
    .filter((url) => url !== '');
  const relays = all.filter((url) => /^turns?:/.test(url));
  const others = all.filter((url) => !/^turns?:/.test(url));
  const username = `${Math.floor(nowMs / 1000) + CREDENTIAL_SECONDS}:${peerId}`;
  const credential = createHmac('sha1', secret).update(username).digest('base64');
  return [
    ...(others.length > 0 ? [{ urls: others }] : []),
    ...(relays.length > 0 ? [{ urls: relays, username, credential }] : []),
  ];
}
