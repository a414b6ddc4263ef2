import { describe, expect, it } from 'vitest';
import { leastLoaded, type NodeCandidate } from './nodeChoice.ts';

const node = (nodeId: string, change: Partial<NodeCandidate> = {}): NodeCandidate => ({
  nodeId,
  isUp: true,
  draining: false,
  load: 0,
  rooms: 0,
  workers: 2,
  ...change,
});

describe('choosing a media node', () => {
  it('takes the one with the least load', () => {
    expect(leastLoaded([node('a', { load: 0.7 }), node('b', { load: 0.2 })])?.nodeId).toBe('b');
  });

  it('goes by rooms a worker when the loads differ by less than a tenth', () => {
    const busy = node('a', { load: 0.21, rooms: 8, workers: 2 });
    const roomy = node('b', { load: 0.28, rooms: 8, workers: 8 });
    expect(leastLoaded([busy, roomy])?.nodeId).toBe('b');
  });

  it('never takes a node that is down, drains, or is to be left', () => {
    const nodes = [node('a', { isUp: false }), node('b', { draining: true }), node('c'), node('d', { load: 0.9 })];
    expect(leastLoaded(nodes, 'c')?.nodeId).toBe('d');
    expect(leastLoaded(nodes.slice(0, 2))).toBeUndefined();
  });

  it('gives the same answer whatever the order of what is known', () => {
    const nodes = [node('b'), node('a'), node('c')];
    expect(leastLoaded(nodes)?.nodeId).toBe('a');
    expect(leastLoaded(nodes.toReversed())?.nodeId).toBe('a');
  });
});
