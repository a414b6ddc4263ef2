import { describe, expect, test } from 'vitest';
import { toCsv } from './csv.ts';

const body = (cell: string | number | null): string => toCsv({ head: ['h'], rows: [[cell]] }).split('\r\n')[1] ?? '';

describe('an exported table', () => {
  test('begins with a byte order mark and ends each line as RFC 4180 wants', () => {
    const table = { head: ['诊室', '会诊'], rows: [['和平里', 12] as const, ['桃源', null] as const] };
    expect(toCsv(table)).toBe('\uFEFF诊室,会诊\r\n和平里,12\r\n桃源,\r\n');
  });

  test.each(['=1+1', '+1', '-1', '@SUM(A1)', '\tx', '\rx', '＝1'])('never holds a formula: %j', (text) => {
    expect(body(text)).toBe(`"'${text}"`);
  });

  test('keeps numbers numbers, negative ones too', () => {
    expect(body(-3.5)).toBe('-3.5');
  });

  test('quotes commas, quotes and line ends', () => {
    expect(body('a,b')).toBe('"a,b"');
    expect(body('他说"好"')).toBe('"他说""好"""');
    expect(toCsv({ head: ['h'], rows: [['a\nb']] })).toContain('"a\nb"');
  });
});
