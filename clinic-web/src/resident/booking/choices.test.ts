import { ClinicRef, Department } from '@cloud-hospital/protocol/rest';
import { describe, expect, it } from 'vitest';
import { bySubDistrict, matchesClinic } from './clinics.ts';
import { commonSymptoms, symptomsOf } from './symptoms.ts';

const department = (code: string, zh: string, words: readonly string[]) =>
  Department.parse({ code, name: { zh, en: code }, symptoms: words.map((word) => ({ zh: word, en: `en ${word}` })) });
const cardiology = department('cardiology', '心内科', ['胸闷', '心慌', '头晕']);
const neurology = department('neurology', '神经内科', ['头痛', '头晕']);

describe('symptom words', () => {
  it('are listed once, with every department that treats them', () => {
    const dizzy = symptomsOf([cardiology, neurology]).filter(({ name }) => name.zh === '头晕');
    expect(dizzy).toHaveLength(1);
    expect(dizzy[0]?.departments).toEqual([cardiology, neurology]);
  });

  it('begin with the first two of each department', () => {
    const all = symptomsOf([cardiology, neurology]);
    expect(commonSymptoms(all, [cardiology, neurology]).map(({ name }) => name.zh)).toEqual([
      '胸闷',
      '心慌',
      '头晕',
      '头痛',
    ]);
  });
});

let count = 0;
const clinic = (zh: string, subDistrict: string) =>
  ClinicRef.parse({
    locationId: `00000000-0000-4000-8000-${String(++count).padStart(12, '0')}`,
    name: { zh, en: `${zh} clinic` },
    subDistrict: { zh: subDistrict, en: '' },
    address: '玉泉路 12 号',
    phone: '',
  });

describe('clinics', () => {
  it('are grouped by sub-district', () => {
    const groups = bySubDistrict([clinic('翠苑', '西溪街道'), clinic('安康', '北山街道'), clinic('长乐', '西溪街道')]);
    expect(groups.map(({ name, clinics }) => [name.zh, clinics.length])).toEqual([
      ['北山街道', 1],
      ['西溪街道', 2],
    ]);
  });

  it('are found when every word typed occurs in name, sub-district or address', () => {
    expect(matchesClinic(clinic('翠苑', '西溪街道'), '西溪 玉泉')).toBe(true);
    expect(matchesClinic(clinic('翠苑', '西溪街道'), '西溪 文一路')).toBe(false);
    expect(matchesClinic(clinic('翠苑', '西溪街道'), 'Clinic')).toBe(true);
  });
});
