import { AppError } from '@cloud-hospital/protocol';
import { OrganizationEntry, type OrganizationInput } from '@cloud-hospital/protocol/rest';
import { sql } from 'kysely';
import type { z } from 'zod';
import type { Services } from '../../Services.ts';
import type { ActorContext, Unit } from '../../store/command.ts';
import { organizationEntry, selectOrganizations } from '../../store/places.view.ts';

type Input = z.infer<typeof OrganizationInput>;

const written = (input: Input) => ({ name_zh: input.name.zh, name_en: input.name.en, phone: input.phone });

async function add(unit: Unit, input: Input): Promise<void> {
  // The district is there from the first start on, and there is one.
  if (input.kind === 'district') throw new AppError('BAD_REQUEST', { field: 'kind' });
  const district = await unit.tx
    .selectFrom('organization')
    .select('id')
    .where('kind', '=', 'district')
    .limit(1)
    .executeTakeFirst();
  await unit.tx
    .insertInto('organization')
    .values({
      ...written(input),
      id: input.organizationId,
      kind: input.kind,
      // Hospitals are nobody's part: they serve the district and belong to others.
      part_of: input.kind === 'sub-district' ? (district?.id ?? null) : null,
      ordinal: sql<number>`(SELECT coalesce(max(ordinal) + 1, 0) FROM organization WHERE kind = ${input.kind})`,
    })
    .execute();
}

async function change(unit: Unit, input: Input, version: number): Promise<void> {
  const changed = await unit.tx
    .updateTable('organization')
    .set({ ...written(input), version: version + 1 })
    .where('id', '=', input.organizationId)
    .where('kind', '=', input.kind)
    .where('version', '=', version)
    .executeTakeFirst();
  if (changed.numUpdatedRows === 1n) return;
  const known = await selectOrganizations(unit.tx).where('id', '=', input.organizationId).executeTakeFirst();
  throw new AppError(known === undefined ? 'NOT_FOUND' : 'VERSION_CONFLICT');
}

/**
 * A hospital or a sub-district, new or changed; the district's own name is changed here, too.
 * @throws AppError NOT_FOUND, VERSION_CONFLICT, BAD_REQUEST with the field
 */
export function saveOrganization(
  { commands }: Services,
  context: ActorContext,
  input: Input,
): Promise<OrganizationEntry> {
  return commands.runOnce(
    context,
    { action: 'administration.saveOrganization', request: input, response: OrganizationEntry },
    async (unit) => {
      if (input.version === null) await add(unit, input);
      else await change(unit, input, input.version);
      unit.audit({
        action: input.version === null ? 'organization:add' : 'organization:change',
        entityKind: 'Organization',
        entityId: input.organizationId,
      });
      return organizationEntry(
        await selectOrganizations(unit.tx).where('id', '=', input.organizationId).executeTakeFirstOrThrow(),
      );
    },
  );
}
