import { sql } from 'kysely';
import { SYSTEM } from '../../domain/Actor.ts';
import type { Services } from '../../Services.ts';
import { randomUUID } from 'node:crypto';

const AT_ONCE = 100;

/**
 * Uploads of which nothing came for a day are given up, and their bytes removed. What is complete is never touched.
 * @returns how many
 */
export async function stopAbandonedUploads({ commands, files, config }: Services): Promise<number> {
  const stopped = await commands.run({ agent: SYSTEM, requestId: randomUUID() }, async (unit) => {
    const rows = await unit.tx
      .updateTable('attachment')
      .set({ status: 'stopped', updated_at: unit.now })
      .where('id', 'in', (eb) =>
        eb
          .selectFrom('attachment')
          .select('id')
          .where('status', '=', 'in-progress')
          .where('updated_at', '<', sql<Date>`now() - make_interval(secs => ${config.UPLOAD_ABANDON_SECONDS})`)
          .limit(AT_ONCE)
          .forUpdate()
          .skipLocked(),
      )
      .returning(['id', 'patient_id'])
      .execute();
    for (const { id, patient_id } of rows) {
      unit.audit({ action: 'attachment:stop', entityKind: 'Attachment', entityId: id, patientId: patient_id });
    }
    return rows;
  });
  for (const { id } of stopped) await files.remove(id);
  return stopped.length;
}
