import { randomUUID } from 'node:crypto';
import { AppError } from '@cloud-hospital/protocol';
import type { ActivationCodeIssued, StaffInput, StaffRole } from '@cloud-hospital/protocol/rest';
import type { Services } from '../../Services.ts';
import type { ActorContext, Unit } from '../../store/command.ts';
import { violatedConstraint } from '../../store/constraint.ts';
import { issueCode } from './staffMember.ts';

type Place = 'clinic' | 'hospital' | 'district';

/** Where each role works. */
const PLACE_OF: { readonly [R in StaffRole]: Place } = {
  'clinic-doctor': 'clinic',
  nurse: 'clinic',
  specialist: 'hospital',
  coordinator: 'hospital',
  'district-administrator': 'district',
  auditor: 'district',
};

/** Only what the role needs, and only what exists. @throws AppError BAD_REQUEST with the field */
async function placeOf(unit: Unit, input: StaffInput) {
  const place = PLACE_OF[input.role];
  if (place === 'clinic') {
    if (input.locationId === null) throw new AppError('BAD_REQUEST', { field: 'locationId' });
    const clinic = await unit.tx
      .selectFrom('location')
      .select('id')
      .where('id', '=', input.locationId)
      .executeTakeFirst();
    if (clinic === undefined) throw new AppError('BAD_REQUEST', { field: 'locationId' });
    return { organization_id: null, location_id: clinic.id, department_code: null };
  }
  let wanted = unit.tx.selectFrom('organization').select('id').where('kind', '=', place);
  // There is one district; a hospital has to be named.
  if (place === 'hospital') {
    if (input.organizationId === null) throw new AppError('BAD_REQUEST', { field: 'organizationId' });
    wanted = wanted.where('id', '=', input.organizationId);
  }
  const organization = await wanted.limit(1).executeTakeFirst();
  if (organization === undefined) throw new AppError('BAD_REQUEST', { field: 'organizationId' });
  if (input.role !== 'specialist') {
    return { organization_id: organization.id, location_id: null, department_code: null };
  }
  const department = await unit.tx
    .selectFrom('department')
    .select('code')
    .where('code', '=', input.departmentCode ?? '')
    .executeTakeFirst();
  if (department === undefined) throw new AppError('BAD_REQUEST', { field: 'departmentCode' });
  return { organization_id: organization.id, location_id: null, department_code: department.code };
}

/** A specialist has a queue from the first day, and is off until they say otherwise. */
async function openQueue(unit: Unit, practitionerRoleId: string, departmentCode: string | null): Promise<void> {
  await unit.tx
    .insertInto('queue')
    .values({ kind: 'specialist', practitioner_role_id: practitionerRoleId, department_code: departmentCode })
    .execute();
  await unit.tx
    .insertInto('availability')
    .values({ practitioner_role_id: practitionerRoleId, break_until: null })
    .execute();
}

/**
 * Somebody new: account, practitioner and role, without a password. Not remembered under an idempotency key, since the
 * answer is a secret; the client's id makes a repetition USERNAME_TAKEN instead of a second person.
 * @returns the one-time code to hand over
 * @throws AppError USERNAME_TAKEN, BAD_REQUEST with the field
 */
export async function addStaff(
  services: Services,
  context: ActorContext,
  input: StaffInput,
): Promise<ActivationCodeIssued> {
  try {
    return await services.commands.run(context, async (unit) => {
      const place = await placeOf(unit, input);
      const [accountId, practitionerId] = [randomUUID(), randomUUID()];
      await unit.tx.insertInto('account').values({ id: accountId, username: input.username }).execute();
      await unit.tx
        .insertInto('practitioner')
        .values({
          id: practitionerId,
          account_id: accountId,
          name: input.name,
          name_en: input.nameEn,
          gender: input.gender,
        })
        .execute();
      const { practitionerRoleId } = input;
      await unit.tx
        .insertInto('practitioner_role')
        .values({
          ...place,
          id: practitionerRoleId,
          practitioner_id: practitionerId,
          role: input.role,
          title_zh: input.title.zh,
          title_en: input.title.en,
        })
        .execute();
      if (input.role === 'specialist') await openQueue(unit, practitionerRoleId, place.department_code);
      unit.audit({
        action: 'staff:add',
        entityKind: 'PractitionerRole',
        entityId: practitionerRoleId,
        details: { role: input.role, username: input.username },
      });
      return issueCode(services, unit, { accountId, practitionerRoleId, username: input.username });
    });
  } catch (error) {
    const constraint = violatedConstraint(error);
    if (constraint === 'account_username_key' || constraint === 'practitioner_role_pkey') {
      throw new AppError('USERNAME_TAKEN', undefined, { cause: error });
    }
    throw error;
  }
}
