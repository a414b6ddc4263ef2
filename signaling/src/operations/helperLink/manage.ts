import { AppError, HelperLinkId } from '@cloud-hospital/protocol';
import { HelperLink } from '@cloud-hospital/protocol/rest';
import { type Selectable, sql } from 'kysely';
import { z } from 'zod';
import { newToken, tokenHash } from '../../auth/token.ts';
import { maskName, maskPhone } from '../../domain/masking.ts';
import type { Services } from '../../Services.ts';
import type { ActorContext, Unit } from '../../store/command.ts';
import type { HelperLinkTable } from '../../store/people.schema.ts';
import { accountOf, assertVisibleAppointment } from '../booking/visibility.ts';
import { runVisible, runVisibleOnce } from '../denied.ts';
import { type SecretMessage, recordSecret, sendSecret } from '../inbox/sendSecret.ts';

/** Helpers of one appointment at the same time. */
const MAX_OF_APPOINTMENT = 3;
/** Messages an account may cause in a day. */
const MAX_PER_DAY = 20;
const SECONDS_PER_HOUR = 3_600;

type Row = Pick<Selectable<HelperLinkTable>, 'id' | 'phone' | 'created_at' | 'open_until' | 'opened_at'>;

const linkView = (row: Row): HelperLink => ({
  helperLinkId: HelperLinkId.parse(row.id),
  phoneMasked: maskPhone(row.phone),
  sentAt: row.created_at.toISOString(),
  openUntil: row.open_until.toISOString(),
  openedAt: row.opened_at?.toISOString() ?? null,
});

/** Links that still open something: opened by their helper, or new enough to be. */
const liveLinks = (unit: Unit, appointmentId: string) =>
  unit.tx
    .selectFrom('helper_link')
    .select(['id', 'phone', 'created_at', 'open_until', 'opened_at'])
    .where('appointment_id', '=', appointmentId)
    .where('revoked_at', 'is', null)
    .where((eb) => eb.or([eb('opened_at', 'is not', null), eb('open_until', '>', unit.now)]))
    .orderBy('created_at');

/** The live links of an appointment the actor sees. @throws AppError NOT_FOUND */
export const listHelperLinks = (
  services: Services,
  context: ActorContext,
  input: { readonly appointmentId: string },
): Promise<{ links: HelperLink[] }> =>
  runVisible(services, context, async (unit) => {
    const row = await assertVisibleAppointment(unit, context.agent, 'helper-link:manage', input.appointmentId);
    const links = await liveLinks(unit, row.id).execute();
    unit.audit({
      action: 'helper-link:read',
      entityKind: 'Appointment',
      entityId: row.id,
      patientId: row.patient_id,
      details: { count: links.length },
    });
    return { links: links.map(linkView) };
  });

async function assertFewMessages(unit: Unit, accountId: string): Promise<void> {
  const { sent } = await unit.tx
    .selectFrom('helper_link')
    .select((eb) => eb.fn.countAll<string>().as('sent'))
    .where('created_by_account', '=', accountId)
    .where('created_at', '>', sql<Date>`now() - interval '1 day'`)
    .executeTakeFirstOrThrow();
  if (Number(sent) >= MAX_PER_DAY) throw new AppError('RATE_LIMITED', { retryAfterSeconds: SECONDS_PER_HOUR });
}

/**
 * Sends a helper's phone the link to this appointment's ticket and place. The secret is in the fragment of the address,
 * so that no server's log and no referrer ever holds it; here is only its SHA-256. A new one for the same phone
 * replaces the earlier one.
 * @throws AppError LIMIT_REACHED, RATE_LIMITED, INVALID_TRANSITION when the visit is over, NOT_FOUND
 */
export async function sendHelperLink(
  services: Services,
  context: ActorContext & { readonly publicOrigin: string },
  input: { readonly appointmentId: string; readonly phone: string },
): Promise<HelperLink> {
  const { config } = services;
  const actor = context.agent;
  const sent: SecretMessage<'helper-link'>[] = [];
  const link = await runVisibleOnce(
    services,
    context,
    { action: 'helperLinks.send', request: input, response: HelperLink },
    async (unit) => {
      sent.length = 0;
      const appointment = await assertVisibleAppointment(unit, actor, 'helper-link:manage', input.appointmentId);
      // Two that send at once wait for each other, so that the limit holds.
      await unit.tx.selectFrom('appointment').select('id').where('id', '=', appointment.id).forUpdate().execute();
      if (appointment.status !== 'booked' && appointment.status !== 'checked-in') {
        throw new AppError('INVALID_TRANSITION', { entity: 'Appointment', from: appointment.status });
      }
      await assertFewMessages(unit, accountOf(actor));
      await unit.tx
        .updateTable('helper_link')
        .set({ revoked_at: unit.now })
        .where('appointment_id', '=', appointment.id)
        .where('phone', '=', input.phone)
        .where('revoked_at', 'is', null)
        .execute();
      const live = await liveLinks(unit, appointment.id).execute();
      if (live.length >= MAX_OF_APPOINTMENT) {
        throw new AppError('LIMIT_REACHED', { limit: 'helper-links', max: MAX_OF_APPOINTMENT });
      }
      const token = newToken();
      const row = await unit.tx
        .insertInto('helper_link')
        .values({
          appointment_id: appointment.id,
          token_hash: tokenHash(token),
          phone: input.phone,
          created_by_account: accountOf(actor),
          created_by_role: actor.role,
          created_at: unit.now,
          open_until: new Date(unit.now.getTime() + config.HELPER_LINK_SECONDS * 1000),
        })
        .returning(['id', 'phone', 'created_at', 'open_until', 'opened_at'])
        .executeTakeFirstOrThrow();
      unit.audit({
        action: 'helper-link:send',
        entityKind: 'HelperLink',
        entityId: row.id,
        patientId: appointment.patient_id,
        details: { appointmentId: appointment.id },
      });
      const { name } = await unit.tx
        .selectFrom('patient')
        .select('name')
        .where('id', '=', appointment.patient_id)
        .executeTakeFirstOrThrow();
      const params = {
        patient: maskName(name),
        hours: String(Math.ceil(config.HELPER_LINK_SECONDS / SECONDS_PER_HOUR)),
        link: `${context.publicOrigin}/h#${token}`,
      };
      sent.push(
        await recordSecret(services, unit, { phone: input.phone, kind: 'helper-link', params }, 'link', row.id),
      );
      return linkView(row);
    },
  );
  for (const message of sent) sendSecret(services, message);
  return link;
}

/** @throws AppError NOT_FOUND when there is no such link at an appointment the actor sees */
export const revokeHelperLink = (
  services: Services,
  context: ActorContext,
  input: { readonly appointmentId: string; readonly helperLinkId: string },
): Promise<Record<string, never>> =>
  runVisibleOnce(
    services,
    context,
    { action: 'helperLinks.revoke', request: input, response: z.object({}) },
    async (unit) => {
      const appointment = await assertVisibleAppointment(
        unit,
        context.agent,
        'helper-link:manage',
        input.appointmentId,
      );
      const revoked = await unit.tx
        .updateTable('helper_link')
        .set((eb) => ({ revoked_at: eb.fn.coalesce('revoked_at', sql<Date>`now()`) }))
        .where('id', '=', input.helperLinkId)
        .where('appointment_id', '=', appointment.id)
        .executeTakeFirst();
      if (revoked.numUpdatedRows !== 1n) throw new AppError('NOT_FOUND');
      unit.audit({
        action: 'helper-link:revoke',
        entityKind: 'HelperLink',
        entityId: input.helperLinkId,
        patientId: appointment.patient_id,
      });
      return {};
    },
  );
