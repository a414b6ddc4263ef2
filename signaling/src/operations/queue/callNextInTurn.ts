import type { Services } from '../../Services.ts';
import type { ActorContext } from '../../store/command.ts';
import type { Db } from '../../store/database.ts';
import { Turnstile } from '../../store/Turnstile.ts';
import { callNext } from './callNext.ts';
import type { CallAnswer } from './startCall.ts';

/** Whoever calls from a pool waits for its lock: only so many a replica hold a connection meanwhile. */
const AT_ONCE = 4;
/** Forty who press at the same moment are all served, on a slow machine too. Milliseconds. */
const LONGEST_WAIT_MS = 15_000;

/** One for each database: only tests have more than one in a process. */
const turnstiles = new WeakMap<Db, Turnstile>();

/** "Call next" for many at the same moment. @throws AppError what `callNext` throws; UNAVAILABLE when no turn comes */
export function callNextInTurn(services: Services, context: ActorContext): Promise<CallAnswer> {
  const turnstile = turnstiles.get(services.db) ?? new Turnstile(AT_ONCE, LONGEST_WAIT_MS);
  turnstiles.set(services.db, turnstile);
  return turnstile.pass(() => callNext(services, context));
}
