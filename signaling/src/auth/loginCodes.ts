import { createHmac, randomInt, timingSafeEqual } from 'node:crypto';
import { AppError } from '@cloud-hospital/protocol';
import { sql } from 'kysely';
import type { Config } from '../config.ts';
import type { Unit } from '../store/command.ts';

const DIGITS = 6;
const MAX_TRIES = 5;
/** Codes a phone gets within 24 hours, so that nobody's phone is flooded by a stranger. Not counted in a demo. */
const MAX_PER_DAY = 10;

/** Six digits can be tried out against a plain hash at once; with the key kept outside the database they can't. */
const codeHash = (secret: string, phone: string, code: string): Buffer =>
  createHmac('sha256', secret).update(`login-code:${phone}:${code}`).digest();

type LoginCodeConfig = Pick<Config, 'LOGIN_CODE_SECONDS' | 'LOGIN_CODE_RESEND_SECONDS' | 'DEMO_DISTRICT' | 'secrets'>;

/**
 * Makes the phone's new code; earlier ones are void from now on. Looks at codes only, never at accounts, so that it
 * does the same for known and unknown phones.
 * @throws AppError RATE_LIMITED with `retryAfterSeconds` when the last code is too young
 */
export async function issueLoginCode(unit: Unit, config: LoginCodeConfig, phone: string): Promise<string> {
  // Twins of one request wait for each other here.
  await sql`SELECT pg_advisory_xact_lock(hashtextextended(${`login-code:${phone}`}, 0))`.execute(unit.tx);
  const { rows } = await sql<{ wait: number; today: number }>`
    SELECT coalesce(ceil(extract(epoch FROM max(created_at) - now()) + ${config.LOGIN_CODE_RESEND_SECONDS}), 0)::int AS wait,
           count(*)::int AS today
    FROM login_code WHERE phone = ${phone} AND created_at > now() - interval '1 day'`.execute(unit.tx);
  const { wait = 0, today = 0 } = rows[0] ?? {};
  if (wait > 0) throw new AppError('RATE_LIMITED', { retryAfterSeconds: wait });
  if (!config.DEMO_DISTRICT && today >= MAX_PER_DAY) throw new AppError('RATE_LIMITED', { retryAfterSeconds: 3_600 });
  const code = randomInt(10 ** DIGITS)
    .toString()
    .padStart(DIGITS, '0');
  await unit.tx
    .insertInto('login_code')
    .values({
      phone,
      code_hash: codeHash(config.secrets.sessionSecret, phone, code),
      expires_at: sql<Date>`now() + make_interval(secs => ${config.LOGIN_CODE_SECONDS})`,
    })
    .execute();
  return code;
}

export type CodeCheck = 'good' | 'wrong' | 'expired';

/**
 * Tries a code against the phone's newest one and counts the try; a good one is used up. Throws nothing, since a
 * counted try must be committed.
 */
export async function tryLoginCode(
  unit: Unit,
  config: LoginCodeConfig,
  phone: string,
  code: string,
): Promise<CodeCheck> {
  const newest = await unit.tx
    .selectFrom('login_code')
    .select(['id', 'code_hash', 'tries', 'used_at', 'expires_at'])
    .where('phone', '=', phone)
    .orderBy('created_at', 'desc')
    .limit(1)
    .forUpdate()
    .executeTakeFirst();
  if (newest === undefined || newest.used_at !== null || newest.expires_at <= unit.now) return 'expired';
  if (newest.tries >= MAX_TRIES) return 'expired';
  const good = timingSafeEqual(newest.code_hash, codeHash(config.secrets.sessionSecret, phone, code));
  await unit.tx
    .updateTable('login_code')
    .set((eb) => (good ? { used_at: unit.now } : { tries: eb('tries', '+', 1) }))
    .where('id', '=', newest.id)
    .execute();
  return good ? 'good' : 'wrong';
}
