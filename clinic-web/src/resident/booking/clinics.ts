import type { LocalizedText } from '@cloud-hospital/protocol';
import type { ClinicRef } from '@cloud-hospital/protocol/rest';

/** Every word typed occurs somewhere in the clinic's name, sub-district or address, in either language. */
export function matchesClinic({ name, subDistrict, address }: ClinicRef, search: string): boolean {
  const text = [name.zh, name.en, subDistrict.zh, subDistrict.en, address].join(' ').toLowerCase();
  return search
    .toLowerCase()
    .split(/\s+/)
    .every((word) => text.includes(word));
}

interface SubDistrict {
  readonly name: LocalizedText;
  readonly clinics: ClinicRef[];
}

/** Sub-districts and, in each, its clinics, as the Chinese alphabet orders them. */
export function bySubDistrict(clinics: readonly ClinicRef[]): readonly SubDistrict[] {
  const groups = new Map<string, SubDistrict>();
  for (const clinic of clinics.toSorted((a, b) => a.name.zh.localeCompare(b.name.zh, 'zh-CN'))) {
    const group = groups.get(clinic.subDistrict.zh);
    if (group === undefined) groups.set(clinic.subDistrict.zh, { name: clinic.subDistrict, clinics: [clinic] });
    else group.clinics.push(clinic);
  }
  return [...groups.values()].sort((a, b) => a.name.zh.localeCompare(b.name.zh, 'zh-CN'));
}
