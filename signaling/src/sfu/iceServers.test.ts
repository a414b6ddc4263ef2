import { createHmac } from 'node:crypto';
import { expect, it } from 'vitest';
import { iceServersFor } from './iceServers.ts';

it('gives relays credentials that coturn can check and that end after 300 s', () => {
  const [stun, turn] = iceServersFor('stun:a:3478, turn:a:3478?transport=udp,turns:a:443', 's3cret', 'peer', 1_000_500);
  expect(stun).toEqual({ urls: ['stun:a:3478'] });
  expect(turn?.urls).toEqual(['turn:a:3478?transport=udp', 'turns:a:443']);
  expect(turn?.username).toBe('1300:peer');
  expect(turn?.credential).toBe(createHmac('sha1', 's3cret').update('1300:peer').digest('base64'));
});

it('gives nothing when no relay is configured', () => {
  expect(iceServersFor('', 's3cret', 'peer', 0)).toEqual([]);
});
