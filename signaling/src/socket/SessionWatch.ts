import { sql } from 'kysely';
import type { EndReason } from '../auth/Sessions.ts';
import type { Services } from '../Services.ts';
import type { SocketServer } from './socketTypes.ts';

/** With the moment it takes this stays below the 5 s in which a revoked session must be cut. Milliseconds. */
const INTERVAL_MS = 3_000;

const isEndReason = (reason: string | null): reason is EndReason =>
  reason === 'signed-out' ||
  reason === 'revoked' ||
  reason === 'expired' ||
  reason === 'role-removed' ||
  reason === 'terminal-revoked';

/**
 * Asks PostgreSQL whether the sessions of the connected browsers still stand. Normally the event of the revocation was
 * there first; this catches a browser that connected in the same instant, and sessions that end by the clock.
 */
export class SessionWatch {
  readonly #services: Services;
  readonly #io: SocketServer;
  readonly #onEnded: (sessionId: string, reason: EndReason) => void;
  readonly #timer: NodeJS.Timeout;

  constructor(services: Services, io: SocketServer, onEnded: (sessionId: string, reason: EndReason) => void) {
    this.#services = services;
    this.#io = io;
    this.#onEnded = onEnded;
    this.#timer = setInterval(() => {
      this.#check().catch((error: unknown) => services.log.warn({ err: error }, 'sessions not checked'));
    }, INTERVAL_MS);
  }

  close(): void {
    clearInterval(this.#timer);
  }

  async #check(): Promise<void> {
    const ids = new Set([...this.#io.of('/').sockets.values()].map(({ data }) => data.actor.sessionId));
    if (ids.size === 0) return;
    const ended = await this.#services.db
      .selectFrom('session')
      .leftJoin('guest_link', 'guest_link.id', 'session.guest_link_id')
      .leftJoin('account', 'account.id', 'session.account_id')
      .leftJoin('practitioner_role as role', 'role.id', 'session.practitioner_role_id')
      .select([
        'session.id',
        'revoke_reason',
        'revoked_at',
        'role.active',
        'account.disabled_at',
        'guest_link.ended_at',
      ])
      .where('session.id', '=', sql<string>`ANY(${[...ids]}::uuid[])`)
      .where((eb) =>
        eb.or([
          eb('revoked_at', 'is not', null),
          eb('expires_at', '<=', sql<Date>`now()`),
          eb('role.active', '=', false),
          eb('account.disabled_at', 'is not', null),
          eb('guest_link.ended_at', 'is not', null),
        ]),
      )
      .execute();
    for (const row of ended) {
      const { id, revoke_reason: reason, revoked_at: revokedAt, active } = row;
      if (revokedAt !== null) this.#onEnded(id, isEndReason(reason) ? reason : 'revoked');
      else if (row.disabled_at !== null || row.ended_at !== null) this.#onEnded(id, 'revoked');
      else this.#onEnded(id, active === false ? 'role-removed' : 'expired');
    }
  }
}
