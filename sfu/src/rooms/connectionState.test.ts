import { expect, test } from 'vitest';
import { connectionStateOf, isConnected } from './connectionState.ts';

test('a transport is connected when ICE and DTLS both are', () => {
  expect(connectionStateOf('new', 'new', false)).toBe('new');
  expect(connectionStateOf('connected', 'connecting', false)).toBe('new');
  expect(connectionStateOf('connected', 'connected', false)).toBe('connected');
  expect(connectionStateOf('completed', 'connected', false)).toBe('connected');
});

test('the worse of ICE and DTLS decides, and silence counts as disconnected', () => {
  expect(connectionStateOf('completed', 'failed', false)).toBe('failed');
  expect(connectionStateOf('disconnected', 'connected', false)).toBe('disconnected');
  expect(connectionStateOf('disconnected', 'closed', false)).toBe('closed');
  expect(connectionStateOf('completed', 'connected', true)).toBe('disconnected');
});

test('a peer is connected while one transport is up and none is broken', () => {
  expect(isConnected(['new', 'new'])).toBe(false);
  expect(isConnected(['connected', 'new'])).toBe(true);
  expect(isConnected(['connected', 'disconnected'])).toBe(false);
  expect(isConnected([])).toBe(false);
});
