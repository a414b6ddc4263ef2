import { expect, test } from 'vitest';
import { isProof, makeNonce, makeProof } from './proof.ts';

test('a proof holds for its secret, nonce and id only', () => {
  const nonce = makeNonce();
  const proof = makeProof('secret', nonce, 'replica-1');
  expect(isProof(proof, 'secret', nonce, 'replica-1')).toBe(true);
  expect(isProof(proof, 'another', nonce, 'replica-1')).toBe(false);
  expect(isProof(proof, 'secret', makeNonce(), 'replica-1')).toBe(false);
  expect(isProof(proof, 'secret', nonce, 'replica-2')).toBe(false);
});

test('a candidate of another length or alphabet is refused, not thrown at', () => {
  const nonce = makeNonce();
  expect(isProof('', 'secret', nonce, 'id')).toBe(false);
  expect(isProof('密'.repeat(64), 'secret', nonce, 'id')).toBe(false);
});

test('the proof is the HMAC-SHA256 of RFC 4231, so that the other end may compute it by any library', () => {
  // RFC 4231 §4.3, test case 2: key "Jefe", data "what do ya want for nothing?".
  expect(makeProof('Jefe', 'what do ya want ', 'for nothing?')).toBe(
    '5bdcc146bf60754e6a042426089575c75a003f089d2739839dec58b964ec3843',
  );
});
