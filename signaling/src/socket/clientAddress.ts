import type { IncomingMessage } from 'node:http';
import { BlockList, isIP, isIPv6 } from 'node:net';

/** Express's names for address ranges, so that TRUSTED_PROXIES means the same for sockets and for HTTP. */
const NAMED_RANGES: Readonly<Record<string, readonly string[]>> = {
  loopback: ['127.0.0.0/8', '::1/128'],
  linklocal: ['169.254.0.0/16', 'fe80::/10'],
  uniquelocal: ['10.0.0.0/8', '172.16.0.0/12', '192.168.0.0/16', 'fc00::/7'],
};

const familyOf = (address: string): 'ipv4' | 'ipv6' => (isIPv6(address) ? 'ipv6' : 'ipv4');
/** `::ffff:10.0.0.1` → `10.0.0.1`. */
const unmapped = (address: string): string => address.replace(/^::ffff:(?=\d+\.)/i, '');

function trustedRanges(trustedProxies: string): BlockList {
  const trusted = new BlockList();
  const entries = trustedProxies
    .split(',')
    .map((entry) => entry.trim())
    .filter((entry) => entry !== '');
  for (const range of entries.flatMap((entry) => NAMED_RANGES[entry] ?? [entry])) {
    const [address = '', bits] = range.split('/');
    if (isIP(address) === 0) throw new TypeError(`TRUSTED_PROXIES: ${range} is no address`);
    if (bits === undefined) trusted.addAddress(address, familyOf(address));
    else trusted.addSubnet(address, Number(bits), familyOf(address));
  }
  return trusted;
}

/**
 * Whose connection it is. X-Forwarded-For is believed from the right, as long as whoever wrote the entry is a
 * configured proxy; without one it is not read at all.
 *
 * @param trustedProxies addresses, CIDR ranges and Express's range names, comma-separated
 */
export function createClientAddress(trustedProxies: string): (request: IncomingMessage) => string {
  const trusted = trustedRanges(trustedProxies);
  const isTrusted = (address: string): boolean => isIP(address) !== 0 && trusted.check(address, familyOf(address));
  return (request) => {
    let client = unmapped(request.socket.remoteAddress ?? '');
    const header = request.headers['x-forwarded-for'];
    const forwarded = (Array.isArray(header) ? header.join(',') : (header ?? ''))
      .split(',')
      .map((entry) => unmapped(entry.trim()))
      .filter((entry) => entry !== '');
    for (const entry of forwarded.toReversed()) {
      if (!isTrusted(client)) break;
      client = entry;
    }
    return client;
  };
}
