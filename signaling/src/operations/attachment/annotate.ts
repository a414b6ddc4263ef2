import { AppError, type AttachmentId } from '@cloud-hospital/protocol';
import { Annotation, type AnnotationLayer, isViewable } from '@cloud-hospital/protocol/rest';
import { sql } from 'kysely';
import type { Services } from '../../Services.ts';
import type { ActorContext } from '../../store/command.ts';
import { annotationView } from '../../store/exchange.view.ts';
import { accountOf } from '../booking/visibility.ts';
import { runVisibleOnce } from '../denied.ts';
import { tellExchange } from '../exchange/openVisit.ts';
import { assertVisibleAttachment } from './read.ts';

/**
 * A new version of what is drawn on a picture; earlier ones and the picture stay.
 * @throws AppError NOT_FOUND; VERSION_CONFLICT when somebody saved meanwhile; BAD_REQUEST for what isn't a picture
 */
export const annotate = (
  services: Services,
  context: ActorContext,
  input: { readonly attachmentId: AttachmentId; readonly baseVersion: number; readonly layer: AnnotationLayer },
): Promise<Annotation> =>
  runVisibleOnce(
    services,
    context,
    { action: 'exchange.annotate', request: input, response: Annotation },
    async (unit) => {
      const actor = context.agent;
      const row = await assertVisibleAttachment(unit, actor, 'attachment:annotate', input.attachmentId);
      if (!isViewable(row.content_type)) throw new AppError('BAD_REQUEST', { field: 'attachmentId' });
      // Two that save at once: the first one's version is what the second one finds.
      await sql`SELECT pg_advisory_xact_lock(hashtextextended(${`annotation:${row.id}`}, 0))`.execute(unit.tx);
      const { version } = await unit.tx
        .selectFrom('attachment_annotation')
        .select((eb) => eb.fn.coalesce(eb.fn.max('version'), eb.lit(0)).as('version'))
        .where('attachment_id', '=', row.id)
        .executeTakeFirstOrThrow();
      if (version !== input.baseVersion) throw new AppError('VERSION_CONFLICT', { version });
      const saved = await unit.tx
        .insertInto('attachment_annotation')
        .values({
          attachment_id: row.id,
          version: version + 1,
          layer: JSON.stringify(input.layer),
          author_account: accountOf(actor),
          author_name: actor.name,
        })
        .returningAll()
        .executeTakeFirstOrThrow();
      unit.audit({
        action: 'attachment:annotate',
        entityKind: 'Attachment',
        entityId: row.id,
        patientId: row.patient_id,
        details: { encounterId: row.encounter_id, version: saved.version },
      });
      await tellExchange(unit, row.encounter_id);
      return annotationView(saved);
    },
  );
