import { AppError } from '@cloud-hospital/protocol';
import { ClinicEntry, type ClinicInput } from '@cloud-hospital/protocol/rest';
import { sql } from 'kysely';
import type { z } from 'zod';
import type { Services } from '../../Services.ts';
import type { ActorContext, Unit } from '../../store/command.ts';
import { clinicEntry, selectClinics } from '../../store/places.view.ts';

type Input = z.infer<typeof ClinicInput>;

const written = (input: Input) => ({
  organization_id: input.organizationId,
  name_zh: input.name.zh,
  name_en: input.name.en,
  address: input.address,
  phone: input.phone,
  active: input.active,
});

async function assertSubDistrict(unit: Unit, organizationId: string): Promise<void> {
  const found = await unit.tx
    .selectFrom('organization')
    .select('id')
    .where('id', '=', organizationId)
    .where('kind', '=', 'sub-district')
    .executeTakeFirst();
  if (found === undefined) throw new AppError('BAD_REQUEST', { field: 'organizationId' });
}

/** With one terminal, numbered on through the district; a code enrols it. */
async function add(unit: Unit, input: Input): Promise<void> {
  await unit.tx
    .insertInto('location')
    .values({
      ...written(input),
      id: input.locationId,
      ordinal: sql<number>`(
        SELECT coalesce(max(ordinal) + 1, 0) FROM location WHERE organization_id = ${input.organizationId})`,
    })
    .execute();
  await unit.tx
    .insertInto('device')
    .values({
      location_id: input.locationId,
      name: sql<string>`'云医院终端 ' || lpad((SELECT count(*) + 1 FROM device)::text, 3, '0')`,
    })
    .execute();
}

async function change(unit: Unit, input: Input, version: number): Promise<void> {
  const changed = await unit.tx
    .updateTable('location')
    .set({ ...written(input), version: version + 1 })
    .where('id', '=', input.locationId)
    .where('version', '=', version)
    .executeTakeFirst();
  if (changed.numUpdatedRows === 1n) return;
  const known = await selectClinics(unit.tx).where('location.id', '=', input.locationId).executeTakeFirst();
  throw new AppError(known === undefined ? 'NOT_FOUND' : 'VERSION_CONFLICT');
}

/**
 * A clinic, new or changed. A closed one (`active` false) can't be booked at any more; what is booked there stays.
 * @throws AppError NOT_FOUND, VERSION_CONFLICT, BAD_REQUEST with the field
 */
export function saveClinic({ commands }: Services, context: ActorContext, input: Input): Promise<ClinicEntry> {
  return commands.runOnce(
    context,
    { action: 'administration.saveClinic', request: input, response: ClinicEntry },
    async (unit) => {
      await assertSubDistrict(unit, input.organizationId);
      if (input.version === null) await add(unit, input);
      else await change(unit, input, input.version);
      unit.audit({
        action: input.version === null ? 'clinic:add' : 'clinic:change',
        entityKind: 'Location',
        entityId: input.locationId,
      });
      return clinicEntry(
        await selectClinics(unit.tx).where('location.id', '=', input.locationId).executeTakeFirstOrThrow(),
      );
    },
  );
}
