import { createHash } from 'node:crypto';
import { startOfDay, localDate } from '../domain/localTime.ts';
import { maskIdentityNumber } from '../domain/masking.ts';
import { ticketNumber } from '../domain/ticketNumber.ts';
import type { IdentityCipher } from '../auth/IdentityCipher.ts';
import type { Unit } from '../store/command.ts';
import { CASE_STORIES } from './data/caseStories.ts';
import { DEMO_POSITIONS } from './demoAccounts.ts';
import type { Directory } from './seedDirectory.ts';
import type { Resident } from './seedResidents.ts';
import type { Staff } from './seedStaff.ts';

const DAY_MS = 24 * 3_600_000;
const MINUTE_MS = 60_000;
/** Well before surgery hours, so that no slot of the past is in the way. */
const MISSED_AT_MS = 6 * 60 * MINUTE_MS;
const MISSED_FOR_MS = 15 * MINUTE_MS;
/** How many days ago which resident did not come: one is near the limit, one beyond it. */
const MISSED = [
  { position: DEMO_POSITIONS.nearLimit, daysAgo: [40, 150] },
  { position: DEMO_POSITIONS.deskOnly, daysAgo: [15, 90, 200] },
] as const;

/** The same in every database: ids follow from what they name. */
const fixedId = (name: string): string => {
  const hex = createHash('sha256').update(`demo:${name}`).digest('hex');
  return `${hex.slice(0, 8)}-${hex.slice(8, 12)}-4${hex.slice(13, 16)}-8${hex.slice(17, 20)}-${hex.slice(20, 32)}`;
};

async function seedRelations(unit: Unit, cipher: IdentityCipher, residents: readonly Resident[]): Promise<void> {
  const at = (position: number): Resident => {
    const found = residents[position];
    if (found === undefined || found.accountId === null) throw new Error(`no resident with an account at ${position}`);
    return found;
  };
  const numbers = new Map<string, { hash: Buffer; masked: string; birthDate: string; encrypted: Buffer }>();
  const rows = await unit.tx
    .selectFrom('patient')
    .select(['id', 'identity_hash', 'identity_encrypted', 'birth_date'])
    .where(
      'id',
      'in',
      Object.values(DEMO_POSITIONS)
        .map((position) => at(position).patientId)
        .concat(at(0).patientId),
    )
    .execute();
  for (const row of rows) {
    numbers.set(row.id, {
      hash: row.identity_hash,
      encrypted: row.identity_encrypted,
      masked: maskIdentityNumber(cipher.decrypt(row.identity_encrypted)),
      birthDate: row.birth_date,
    });
  }
  const relate = async (holder: Resident, member: Resident, relationship: 'parent' | 'spouse', proposed = false) => {
    const number = numbers.get(member.patientId);
    if (number === undefined) throw new Error('a member of a seeded family was read');
    const requestedAt = new Date(unit.now.getTime() - 30 * DAY_MS);
    await unit.tx
      .insertInto('related_person')
      .values({
        id: fixedId(`relation:${holder.phone}:${member.phone}`),
        account_id: holder.accountId ?? '',
        relationship,
        status: proposed ? 'proposed' : 'active',
        name: member.name,
        identity_hash: number.hash,
        identity_encrypted: proposed ? number.encrypted : null,
        identity_masked: number.masked,
        birth_date: number.birthDate,
        phone: member.phone,
        patient_id: proposed ? null : member.patientId,
        consent_method: proposed ? null : 'desk',
        consented_at: proposed ? null : requestedAt,
        verified_at: proposed ? null : requestedAt,
        requested_at: requestedAt,
      })
      .execute();
  };
  const { child, nearLimit, deskOnly } = DEMO_POSITIONS;
  await relate(at(child), at(0), 'parent');
  await relate(at(child), at(nearLimit), 'spouse');
  // Waits for the desk: what staff see when this person comes.
  await relate(at(child), at(deskOnly), 'parent', true);
}

async function seedMissed(
  unit: Unit,
  { directory, staff, residents }: { directory: Directory; staff: Staff; residents: readonly Resident[] },
): Promise<void> {
  const [specialist] = staff.specialists;
  const [clinic] = directory.clinics;
  const [story] = CASE_STORIES[specialist?.departmentCode ?? ''] ?? [];
  if (specialist === undefined || clinic === undefined || story === undefined) return;
  const today = startOfDay(localDate(unit.now)).getTime();
  for (const { position, daysAgo } of MISSED) {
    const resident = residents[position];
    if (resident === undefined) continue;
    for (const days of daysAgo) {
      const start = today - days * DAY_MS + MISSED_AT_MS;
      const period = `[${new Date(start).toISOString()},${new Date(start + MISSED_FOR_MS).toISOString()})`;
      const whose = { practitioner_id: specialist.practitionerId, practitioner_role_id: specialist.practitionerRoleId };
      const slotId = fixedId(`missed-slot:${position}:${days}`);
      await unit.tx
        .insertInto('slot')
        .values({ id: slotId, ...whose, period, status: 'busy' })
        .execute();
      await unit.tx
        .insertInto('appointment')
        .values({
          id: fixedId(`missed:${position}:${days}`),
          slot_id: slotId,
          patient_id: resident.patientId,
          ...whose,
          location_id: clinic.id,
          period,
          status: 'noshow',
          noshow_party: 'patient',
          complaint: story.complaint,
          ticket_number: ticketNumber('appointment', 1),
          booked_by_account: resident.accountId,
          booked_by_role: 'resident',
        })
        .execute();
    }
  }
}

/** Who acts for whom in the demonstration, and who missed appointments: near the limit, and beyond it. */
export async function seedFamilies(
  unit: Unit,
  cipher: IdentityCipher,
  district: { directory: Directory; staff: Staff; residents: readonly Resident[] },
): Promise<void> {
  await seedRelations(unit, cipher, district.residents);
  await seedMissed(unit, district);
}
