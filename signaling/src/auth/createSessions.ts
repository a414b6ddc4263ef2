import { AppError, type Face } from '@cloud-hospital/protocol';
import { randomUUID } from 'node:crypto';
import { sql } from 'kysely';
import type { Config } from '../config.ts';
import { topic } from '../domain/topics.ts';
import type { Unit } from '../store/command.ts';
import type { Db } from '../store/database.ts';
import { gather } from '../store/gather.ts';
import { actorOf, deviceIdentityOf, selectLiveSessions, type SessionRow, sessionView } from '../store/session.view.ts';
import { DEVICE_COOKIE, faceCookie, readCookie, servesHttps, setCookie } from './cookies.ts';
import type { EndReason, Sessions } from './Sessions.ts';
import { looksLikeToken, newToken, tokenHash } from './token.ts';

const HOUR = 3_600;
const DAY = 24 * HOUR;

interface Lifetime {
  readonly absoluteSeconds: number;
  readonly idleSeconds: number;
}
const RESIDENT: Lifetime = { absoluteSeconds: 30 * DAY, idleSeconds: 7 * DAY };
/** NIST SP 800-63B, AAL2: again after 12 hours, and after at most an hour of inactivity. */
const STAFF: Lifetime = { absoluteSeconds: 12 * HOUR, idleSeconds: HOUR };
/** A terminal signs in again by its key, without anybody's help. */
const DEVICE: Lifetime = { absoluteSeconds: 30 * DAY, idleSeconds: 30 * DAY };
/** As long as any call; it ends with the link's right to the room. */
const GUEST: Lifetime = { absoluteSeconds: 6 * HOUR, idleSeconds: 6 * HOUR };

const lifetimeOf = (face: Face): Lifetime => (face === 'resident' ? RESIDENT : STAFF);

export interface SessionsOptions {
  readonly db: Db;
  readonly config: Pick<Config, 'DEMO_DISTRICT' | 'TLS_BEHIND_PROXY' | 'TLS_CERT_FILE' | 'PUBLIC_ORIGIN'>;
}

/** Sessions in PostgreSQL, asked at every request: a revoked one is refused from its commit on. */
export function createSessions({ db, config }: SessionsOptions): Sessions {
  const demo = config.DEMO_DISTRICT;
  const secure = servesHttps(config);

  // Every request asks this: the statement is put together once, only its hashes change.
  const placeholder: Buffer[] = [];
  const statement = selectLiveSessions(db)
    .where(sql<boolean>`session.token_hash = ANY(${placeholder}::bytea[])`)
    .compile();
  const find = gather(async (hashes: readonly string[]): Promise<ReadonlyMap<string, SessionRow>> => {
    const asked = hashes.map((hash) => Buffer.from(hash, 'hex'));
    const parameters = statement.parameters.map((value) => (value === placeholder ? asked : value));
    const { rows } = await db.executeQuery<SessionRow>({ ...statement, parameters });
    return new Map(rows.map((row) => [row.token_hash.toString('hex'), row]));
  });

  const findSession = async (hash: Buffer | undefined): Promise<SessionRow | undefined> =>
    hash === undefined ? undefined : find(hash.toString('hex'));

  const insert = async (
    unit: Unit,
    lifetime: Lifetime,
    row: {
      id: string;
      face: Face;
      kind: 'account' | 'device' | 'guest';
      account_id?: string;
      practitioner_role_id?: string | null;
      device_id?: string | null;
      second_factor_at?: Date | null;
      guest_link_id?: string;
    },
  ): Promise<string> => {
    const token = newToken();
    await unit.tx
      .insertInto('session')
      .values({
        ...row,
        token_hash: tokenHash(token),
        created_at: unit.now,
        last_seen_at: unit.now,
        expires_at: new Date(unit.now.getTime() + lifetime.absoluteSeconds * 1000),
        idle_seconds: lifetime.idleSeconds,
      })
      .execute();
    return token;
  };

  return {
    async resolve(cookieHeader, face) {
      const faceToken = readCookie(cookieHeader, faceCookie(face));
      // Only the terminal's face speaks for the device: a resident using the same browser is nobody's terminal.
      const deviceToken = face === 'terminal' ? readCookie(cookieHeader, DEVICE_COOKIE) : undefined;
      const [faceHash, deviceHash] = [faceToken, deviceToken].map((token) =>
        looksLikeToken(token) ? tokenHash(token) : undefined,
      );
      const [ofFace, ofDevice] = await Promise.all([findSession(faceHash), findSession(deviceHash)]);
      const account = ofFace !== undefined && ofFace.kind !== 'device' && ofFace.face === face ? ofFace : undefined;
      const device = ofDevice?.kind === 'device' ? ofDevice : undefined;
      const seen = [ofFace, ofDevice].flatMap((row) => (row?.seen_long_ago === true ? [row.id] : []));
      if (seen.length > 0) {
        await db.updateTable('session').set({ last_seen_at: sql<Date>`now()` }).where('id', 'in', seen).execute();
      }
      const acting = account ?? device;
      return {
        actor: acting === undefined ? null : actorOf(acting, demo),
        device: device === undefined ? null : deviceIdentityOf(device),
      };
    },

    async createForAccount(unit, input) {
      const id = randomUUID();
      const lifetime = lifetimeOf(input.face);
      const token = await insert(unit, lifetime, {
        id,
        face: input.face,
        kind: 'account',
        account_id: input.accountId,
        practitioner_role_id: input.practitionerRoleId,
        device_id: input.deviceId,
        second_factor_at: input.secondFactor ? unit.now : null,
      });
      return {
        sessionId: id,
        setCookie: setCookie(faceCookie(input.face), token, lifetime.absoluteSeconds, secure),
      };
    },

    async createForDevice(unit, deviceId) {
      const id = randomUUID();
      const token = await insert(unit, DEVICE, {
        id,
        face: 'terminal',
        kind: 'device',
        device_id: deviceId,
      });
      return { sessionId: id, setCookie: setCookie(DEVICE_COOKIE, token, DEVICE.absoluteSeconds, secure) };
    },

    async createForGuest(unit, guestLinkId) {
      const id = randomUUID();
      const token = await insert(unit, GUEST, { id, face: 'guest', kind: 'guest', guest_link_id: guestLinkId });
      return { sessionId: id, setCookie: setCookie(faceCookie('guest'), token, GUEST.absoluteSeconds, secure) };
    },

    async describe(sessionId) {
      const row = await selectLiveSessions(db).where('session.id', '=', sessionId).executeTakeFirst();
      if (row === undefined) throw new AppError('NOT_FOUND');
      return sessionView(row, demo);
    },

    clearCookie: (face) => setCookie(faceCookie(face), '', 0, secure),

    async end(unit, which, reason: EndReason) {
      let query = unit.tx
        .updateTable('session')
        .set({ revoked_at: sql<Date>`now()`, revoke_reason: reason })
        .where('revoked_at', 'is', null);
      if ('sessionId' in which) query = query.where('id', '=', which.sessionId);
      else if ('sessionIds' in which) query = query.where('id', 'in', [...which.sessionIds]);
      else if ('accountId' in which) query = query.where('account_id', '=', which.accountId);
      else if ('deviceId' in which) query = query.where('device_id', '=', which.deviceId);
      else query = query.where('practitioner_role_id', '=', which.practitionerRoleId);
      const ended = await query.returning('id').execute();
      if (ended.length > 0) {
        unit.emit(
          ended.map(({ id }) => topic.session(id)),
          'session:ended',
          { reason },
        );
      }
      return ended.length;
    },
  };
}
