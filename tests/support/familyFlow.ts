import { randomInt } from 'node:crypto';
import { identityCheckDigit } from '@cloud-hospital/protocol';
import type { RelatedPerson } from '@cloud-hospital/protocol/rest';
import type { Relationship } from '@cloud-hospital/protocol/states';
import { addMember } from '../../signaling/src/operations/family/add.ts';
import { confirmMember } from '../../signaling/src/operations/family/confirm.ts';
import type { CareDistrict, TestResident } from './careDistrict.ts';

export const randomPhone = (): string => `139${String(randomInt(0, 100_000_000)).padStart(8, '0')}`;

/** A valid number of a child of this age. */
export function childNumber(age: number): string {
  const first17 = `110105${new Date().getFullYear() - age}0101${String(randomInt(0, 1000)).padStart(3, '0')}`;
  return first17 + identityCheckDigit(first17);
}

/** The newest text that went to a phone, as its carrier got it (the demo district keeps secrets readable). */
export async function newestText(district: CareDistrict, phone: string, kind: string): Promise<string | undefined> {
  const row = await district.services.db
    .selectFrom('communication')
    .select('text')
    .where('phone', '=', phone)
    .where('kind', '=', kind)
    .orderBy('created_at', 'desc')
    .executeTakeFirst();
  return row?.text;
}

/** The code in the member's phone. */
export async function memberCode(district: CareDistrict, phone: string): Promise<string> {
  const [code] = /\d{6}/.exec((await newestText(district, phone, 'family-code')) ?? '') ?? [];
  if (code === undefined) throw new Error(`no code went to ${phone}`);
  return code;
}

/** The holder asks, the member tells the code. */
export async function joinFamily(
  district: CareDistrict,
  holder: TestResident,
  member: TestResident,
  relationship: Relationship = 'parent',
): Promise<RelatedPerson> {
  const context = district.context(holder.actor);
  const { relatedPersonId } = await addMember(district.services, context, {
    name: member.name,
    identityNumber: member.identityNumber,
    relationship,
    phone: member.phone,
    guardian: false,
  });
  const code = await memberCode(district, member.phone);
  return confirmMember(district.services, context, { relatedPersonId, code });
}
