import { PeerId } from '@cloud-hospital/protocol';
import { randomUUID } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { PeerConnections } from './PeerConnections.ts';

describe('the connection of a peer', () => {
  const peer = PeerId.parse(randomUUID());

  it('is up with its first transport and says so once', () => {
    const connections = new PeerConnections();
    expect(connections.update(peer, 'send', 'connected')).toBe(true);
    expect(connections.update(peer, 'recv', 'connected')).toBeUndefined();
  });

  it('is down as soon as one transport breaks and up again when that one is back', () => {
    const connections = new PeerConnections();
    connections.update(peer, 'send', 'connected');
    connections.update(peer, 'recv', 'connected');
    expect(connections.update(peer, 'recv', 'disconnected')).toBe(false);
    expect(connections.update(peer, 'send', 'failed')).toBeUndefined();
    expect(connections.update(peer, 'recv', 'connected')).toBeUndefined();
    expect(connections.update(peer, 'send', 'connected')).toBe(true);
  });

  it('survives the replacement of a transport', () => {
    const connections = new PeerConnections();
    connections.update(peer, 'send', 'connected');
    connections.update(peer, 'recv', 'failed');
    expect(connections.update(peer, 'recv', 'closed')).toBe(true);
  });

  it('believes the answer to a join until the node says otherwise', () => {
    const connections = new PeerConnections();
    connections.seed(peer, true);
    expect(connections.isConnected(peer)).toBe(true);
    expect(connections.update(peer, 'recv', 'connected')).toBeUndefined();
    expect(connections.update(peer, 'recv', 'disconnected')).toBe(false);
    connections.forget(peer);
    expect(connections.isConnected(peer)).toBe(false);
  });
});
