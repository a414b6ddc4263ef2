import { IncomingMessage } from 'node:http';
import { Socket } from 'node:net';
import { describe, expect, it } from 'vitest';
import { createClientAddress } from './clientAddress.ts';

function request(remoteAddress: string, forwardedFor?: string): IncomingMessage {
  const socket = new Socket();
  Object.defineProperty(socket, 'remoteAddress', { value: remoteAddress });
  const message = new IncomingMessage(socket);
  if (forwardedFor !== undefined) message.headers['x-forwarded-for'] = forwardedFor;
  return message;
}

describe('the address a connection comes from', () => {
  it('is the peer itself when no proxy is configured, whatever a header claims', () => {
    expect(createClientAddress('')(request('203.0.113.5', '198.51.100.1'))).toBe('203.0.113.5');
  });

  it('is what the trusted proxy saw', () => {
    expect(createClientAddress('10.0.0.0/8')(request('::ffff:10.1.2.3', '198.51.100.1'))).toBe('198.51.100.1');
  });

  it('stops at the first one nobody vouches for, so that a client cannot invent an address', () => {
    const addressOf = createClientAddress('loopback, 10.0.0.1');
    expect(addressOf(request('127.0.0.1', '1.2.3.4, 198.51.100.1, 10.0.0.1'))).toBe('198.51.100.1');
  });

  it('refuses a configuration that is no address', () => {
    expect(() => createClientAddress('proxy.example')).toThrow('TRUSTED_PROXIES');
  });
});
