import { expect, test } from 'vitest';
import { ownAddress } from './ownAddress.ts';

const TRANSPORT = { type: 'transport', id: 'T', selectedCandidatePairId: 'P2' };
const PAIRS = [
  { type: 'candidate-pair', id: 'P1', localCandidateId: 'L1' },
  { type: 'candidate-pair', id: 'P2', localCandidateId: 'L2' },
];
const local = (candidate: object) => [
  TRANSPORT,
  ...PAIRS,
  { type: 'local-candidate', id: 'L1', candidateType: 'host', address: '192.168.1.7' },
  { type: 'local-candidate', id: 'L2', ...candidate },
];

test('the address of the chosen pair, not of another interface', () => {
  expect(ownAddress(local({ candidateType: 'host', address: '10.0.0.5' }))).toBe('10.0.0.5');
});

test('behind a router the own address stands beside the one that is seen outside', () => {
  const seen = { candidateType: 'prflx', address: '203.0.113.9', relatedAddress: '10.0.0.5' };
  expect(ownAddress(local(seen))).toBe('10.0.0.5');
});

test.each([
  ['no pair yet', [{ type: 'transport', id: 'T' }, ...PAIRS]],
  ['a name instead of an address', local({ candidateType: 'host', address: '4f1c7a5e.local' })],
  ['no word of the own address', local({ candidateType: 'prflx', address: '203.0.113.9' })],
  ['a relay', local({ candidateType: 'relay', address: '198.51.100.1', relatedAddress: '203.0.113.9' })],
])('%s: not known', (_, stats) => {
  expect(ownAddress(stats)).toBeNull();
});
