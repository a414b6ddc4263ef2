import { describe, expect, it } from 'vitest';
import { IdempotencyKeys } from './idempotency.ts';

const counting = () => {
  let next = 0;
  return new IdempotencyKeys(() => String(++next));
};
const intent = (slotId: string) => IdempotencyKeys.intentOf(['appointments', 'hold'], { slotId });

describe('the key of a write', () => {
  it('stays the same until there is an answer, however often it is sent', () => {
    const keys = counting();
    expect([keys.keyFor(intent('a')), keys.keyFor(intent('a'))]).toEqual(['1', '1']);
  });

  it('is a new one once the server has answered: pressing again is a new intention', () => {
    const keys = counting();
    keys.keyFor(intent('a'));
    keys.settle(intent('a'));
    expect(keys.keyFor(intent('a'))).toBe('2');
  });

  it('differs between writes with different contents', () => {
    const keys = counting();
    expect(keys.keyFor(intent('a'))).not.toBe(keys.keyFor(intent('b')));
  });
});
