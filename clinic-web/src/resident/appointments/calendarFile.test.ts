import { describe, expect, it } from 'vitest';
import { calendarFile } from './calendarFile.ts';

const event = {
  uid: '3f1c7a52-5b0e-4a52-9a55-0d1f5d9c0001',
  sequence: 2,
  start: '2026-11-25T10:20:00+08:00',
  end: '2026-11-25T10:35:00+08:00',
  stamp: '2026-11-23T01:00:00.123Z',
  summary: '云医院会诊：心内科 王建国',
  location: '玉泉社区诊室, 玉泉路 12 号',
  description: '就诊号 A012。请带身份证，提前 10 分钟到社区诊室签到；如需取消，请打开云医院页面。',
};

describe('the calendar file', () => {
  it('holds the district time as UTC', () => {
    expect(calendarFile(event)).toContain('DTSTART:20261125T022000Z\r\nDTEND:20261125T023500Z');
    expect(calendarFile(event)).toContain('DTSTAMP:20261123T010000Z');
  });

  it('escapes commas and semicolons of the text', () => {
    expect(calendarFile(event)).toContain('LOCATION:玉泉社区诊室\\, 玉泉路 12 号');
  });

  it('keeps every line within 75 octets without cutting a character', () => {
    const encoder = new TextEncoder();
    for (const line of calendarFile(event).split('\r\n')) expect(encoder.encode(line).length).toBeLessThanOrEqual(75);
    expect(calendarFile(event).replaceAll('\r\n ', '')).toContain(`DESCRIPTION:${event.description}`);
  });
});
