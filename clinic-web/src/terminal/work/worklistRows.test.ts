import type { WorklistItem } from '@cloud-hospital/protocol/rest';
import { describe, expect, it } from 'vitest';
import { rowsOf } from './worklistRows.ts';

const item = (name: string, ticketNumber: string, scheduledStart: string | null, checkedInAt: string | null = null) =>
  ({ patient: { name }, ticketNumber, scheduledStart, checkedInAt, status: 'booked' }) as WorklistItem;

const list = [
  item('王秀英', 'A003', '2026-11-23T10:20:00+08:00'),
  item('李建国', 'A001', '2026-11-23T01:00:00Z'),
  item('Zhang San', 'W002', null, '2026-11-23T09:30:00+08:00'),
];
const names = (query: string) => rowsOf(list, query).map(({ patient }) => patient.name);

describe('rowsOf', () => {
  it('orders by time, whatever offset an instant is written in, walk-ins by when they came', () => {
    expect(names('')).toEqual(['李建国', 'Zhang San', '王秀英']);
  });

  it('finds by part of the name or of the ticket, without regard to case and spaces', () => {
    expect(names('秀')).toEqual(['王秀英']);
    expect(names('a00')).toEqual(['李建国', '王秀英']);
    expect(names('zhangsan')).toEqual(['Zhang San']);
    expect(names('没有')).toEqual([]);
  });
});
