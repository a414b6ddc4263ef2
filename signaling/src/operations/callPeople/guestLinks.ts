import { createHmac, randomUUID } from 'node:crypto';
import { AppError, GuestLinkId } from '@cloud-hospital/protocol';
import type { InviteGuestInput } from '@cloud-hospital/protocol/rest';
import { sql } from 'kysely';
import { z } from 'zod';
import { tokenHash } from '../../auth/token.ts';
import { maskName } from '../../domain/masking.ts';
import { topic } from '../../domain/topics.ts';
import type { Services } from '../../Services.ts';
import type { ActorContext, Unit } from '../../store/command.ts';
import { accountOf } from '../booking/visibility.ts';
import { runVisibleOnce } from '../denied.ts';
import { assertVisibleEncounter } from '../encounter/visibility.ts';
import { type SecretMessage, recordSecret, sendSecret } from '../inbox/sendSecret.ts';
import { lockRunningCall } from './runningCall.ts';
import { tellPeople } from './tellPeople.ts';

/** Of one call at the same time. */
const MAX_OF_CALL = 4;
/** Messages an account may cause in a day. */
const MAX_PER_DAY = 20;
const SECONDS_PER_HOUR = 3_600;

/**
 * The secret of a link follows from its id by a key that isn't in the database: so it can be shown again after a reload
 * of the console, and is kept nowhere.
 */
export const guestToken = ({ config }: Pick<Services, 'config'>, linkId: string): string =>
  createHmac('sha256', config.secrets.sessionSecret).update(`guest-link:${linkId}`).digest('base64url');

/** Links that still open something: opened by their guest, or new enough to be. */
export const liveGuestLinks = (unit: Unit, encounterId: string) =>
  unit.tx
    .selectFrom('guest_link')
    .select(['id', 'kind', 'guest_name', 'phone', 'open_until', 'opened_at'])
    .where('encounter_id', '=', encounterId)
    .where('ended_at', 'is', null)
    .where((eb) => eb.or([eb('opened_at', 'is not', null), eb('open_until', '>', unit.now)]))
    .orderBy('created_at');

async function assertFewMessages(unit: Unit, accountId: string): Promise<void> {
  const { sent } = await unit.tx
    .selectFrom('guest_link')
    .select((eb) => eb.fn.countAll<string>().as('sent'))
    .where('created_by_account', '=', accountId)
    .where('phone', 'is not', null)
    .where('created_at', '>', sql<Date>`now() - interval '1 day'`)
    .executeTakeFirstOrThrow();
  if (Number(sent) >= MAX_PER_DAY) throw new AppError('RATE_LIMITED', { retryAfterSeconds: SECONDS_PER_HOUR });
}

/**
 * Makes a way into this one running call for a relative or an interpreter: shown as a code, and sent where a phone is
 * given. @throws AppError NOT_FOUND, INVALID_TRANSITION without a running call, LIMIT_REACHED, RATE_LIMITED
 */
export async function inviteGuest(
  services: Services,
  context: ActorContext & { readonly publicOrigin: string },
  input: z.infer<typeof InviteGuestInput>,
): Promise<{ guestLinkId: GuestLinkId }> {
  const { encounterId, kind, phone } = input;
  const actor = context.agent;
  const { config } = services;
  const sent: SecretMessage<'guest-link'>[] = [];
  const answer = await runVisibleOnce(
    services,
    context,
    { action: 'callPeople.inviteGuest', request: input, response: z.object({ guestLinkId: GuestLinkId }) },
    async (unit) => {
      sent.length = 0;
      const { patientId } = await lockRunningCall(unit, actor, 'guest:invite', encounterId);
      const live = await liveGuestLinks(unit, encounterId).execute();
      if (live.length >= MAX_OF_CALL) throw new AppError('LIMIT_REACHED', { limit: 'guests', max: MAX_OF_CALL });
      if (phone !== undefined) await assertFewMessages(unit, accountOf(actor));
      const id = randomUUID();
      const token = guestToken(services, id);
      await unit.tx
        .insertInto('guest_link')
        .values({
          id,
          encounter_id: encounterId,
          kind,
          token_hash: tokenHash(token),
          phone: phone ?? null,
          created_by_account: accountOf(actor),
          created_by_role: actor.role,
          created_by_name: actor.name,
          created_at: unit.now,
          open_until: new Date(unit.now.getTime() + config.GUEST_LINK_SECONDS * 1000),
        })
        .execute();
      unit.audit({
        action: 'guest:invite',
        entityKind: 'GuestLink',
        entityId: id,
        patientId,
        details: { encounterId, kind, sent: phone !== undefined },
      });
      if (phone !== undefined) {
        const patient = await unit.tx
          .selectFrom('patient')
          .select('name')
          .where('id', '=', patientId)
          .executeTakeFirstOrThrow();
        const params = {
          patient: maskName(patient.name),
          minutes: String(Math.ceil(config.GUEST_LINK_SECONDS / 60)),
          link: guestAddress(context.publicOrigin, token),
        };
        sent.push(await recordSecret(services, unit, { phone, kind: 'guest-link', params }, 'link', id));
      }
      await tellPeople(unit, encounterId);
      return { guestLinkId: GuestLinkId.parse(id) };
    },
  );
  for (const message of sent) sendSecret(services, message);
  return answer;
}

/** The secret is in the fragment, which no server's log and no referrer ever holds. */
export const guestAddress = (publicOrigin: string, token: string): string => `${publicOrigin}/g#${token}`;

/** Ends a link and whoever came by it. @returns false when it had ended before */
export async function endGuestLink(unit: Unit, guestLinkId: string, reason: 'withdrawn' | 'removed'): Promise<boolean> {
  const ended = await unit.tx
    .updateTable('guest_link')
    .set({ ended_at: unit.now, end_reason: reason })
    .where('id', '=', guestLinkId)
    .where('ended_at', 'is', null)
    .returning('encounter_id')
    .executeTakeFirst();
  if (ended === undefined) return false;
  await unit.tx
    .updateTable('participant')
    .set({ removed_at: unit.now, rights: 'parked' })
    .where('guest_link_id', '=', guestLinkId)
    .where('removed_at', 'is', null)
    .execute();
  await tellPeople(unit, ended.encounter_id, [topic.guest(guestLinkId)]);
  return true;
}

/** A link that nobody opened yet is void; safe to repeat. @throws AppError NOT_FOUND */
export const withdrawGuest = (
  services: Services,
  context: ActorContext,
  input: { readonly encounterId: string; readonly guestLinkId: string },
): Promise<Record<string, never>> =>
  runVisibleOnce(
    services,
    context,
    { action: 'callPeople.withdrawGuest', request: input, response: z.strictObject({}) },
    async (unit) => {
      const { encounterId, guestLinkId } = input;
      const { patientId } = await assertVisibleEncounter(unit, context.agent, 'guest:invite', encounterId);
      const link = await unit.tx
        .selectFrom('guest_link')
        .select(['id', 'opened_at'])
        .where('id', '=', guestLinkId)
        .where('encounter_id', '=', encounterId)
        .forUpdate()
        .executeTakeFirst();
      if (link === undefined) throw new AppError('NOT_FOUND');
      if (await endGuestLink(unit, guestLinkId, link.opened_at === null ? 'withdrawn' : 'removed')) {
        unit.audit({ action: 'guest:withdraw', entityKind: 'GuestLink', entityId: guestLinkId, patientId });
      }
      return {};
    },
  );
