import { createSocket } from 'node:dgram';
import os from 'node:os';

/** From TEST-NET-1 (RFC 5737): routed like any other address, and nothing is sent. */
const ELSEWHERE = '192.0.2.1';

/**
 * This machine's IPv4 address towards other machines; loopback when it has none.
 * Connecting a UDP socket sends nothing but makes the system choose the address that it would send from.
 */
export function ownAddress(): Promise<string> {
  const socket = createSocket('udp4');
  return new Promise((resolve) => {
    // No route: a machine without a network serves itself only.
    socket.on('error', () => {
      socket.close();
      resolve('127.0.0.1');
    });
    socket.connect(9, ELSEWHERE, () => {
      const { address } = socket.address();
      socket.close();
      resolve(address);
    });
  });
}

/** All IPv4 addresses under which others may reach this machine, loopback first. */
export function reachableAddresses(): string[] {
  const others = Object.values(os.networkInterfaces())
    .flatMap((entries) => entries ?? [])
    .filter(({ family, internal }) => family === 'IPv4' && !internal)
    .map(({ address }) => address);
  return ['127.0.0.1', ...others];
}
