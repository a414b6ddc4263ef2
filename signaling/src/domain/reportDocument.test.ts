import { expect, test } from 'vitest';
import { canonicalText, documentDigest } from './reportDocument.ts';

test('the digest does not depend on the order of keys', () => {
  const a = canonicalText({ b: 1, a: { d: '高血压', c: [1.0, 2.5] } });
  const b = canonicalText({ a: { c: [1, 2.5], d: '高血压' }, b: 1 });
  expect(a).toBe(b);
  expect(documentDigest(a)).toEqual(documentDigest(b));
});

test('the example of RFC 8785 section 3.2.2 has the text the RFC gives', () => {
  const input = {
    // Parsed, since the literal of the RFC has more digits than a double.
    numbers: [Number('333333333.33333329'), 1e30, 4.5, 2e-3, 0.000000000000000000000000001],
    string: "\u20ac$\u000F\u000aA'\u0042\u0022\u005c\\\u0022\u002f",
    literals: [null, true, false],
  };
  expect(canonicalText(input)).toBe(
    '{"literals":[null,true,false],"numbers":[333333333.3333333,1e+30,4.5,0.002,1e-27],"string":"€$\\u000f\\nA\'B\\"\\\\\\\\\\"/"}',
  );
});

test('one changed character changes the digest', () => {
  const digest = (text: string): string => documentDigest(canonicalText({ findings: text })).toString('hex');
  expect(digest('心率齐')).not.toBe(digest('心率不齐'));
});
