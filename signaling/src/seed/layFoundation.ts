import { randomUUID } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { sql } from 'kysely';
import { z } from 'zod';
import { ACTIVATION_CODE_SECONDS, newActivationCode } from '../auth/activationCodes.ts';
import { SYSTEM } from '../domain/Actor.ts';
import { createCommandRunner, type Unit } from '../store/command.ts';
import { openDatabase } from '../store/database.ts';
import { DEPARTMENTS } from './data/departments.ts';
import { FIRST_ADMINISTRATOR } from './firstAdministrator.ts';
import { insertDepartments } from './seedDirectory.ts';

const STATEMENT_TIMEOUT_MS = 60_000;
const Keys = z.object({ sessionSecret: z.string().min(32) });

export interface FoundationOptions {
  /** As the owner of the schema. */
  readonly databaseUrl: string;
  /** JSON file with the application's secrets. */
  readonly secretsFile: string;
}

/** The district without a name of its own yet, the usual departments, and its first administrator. */
async function lay(unit: Unit): Promise<void> {
  const { tx } = unit;
  const [districtId, accountId, practitionerId] = [randomUUID(), randomUUID(), randomUUID()];
  await tx
    .insertInto('organization')
    .values({ id: districtId, kind: 'district', part_of: null, name_zh: '本区', name_en: 'This district' })
    .execute();
  await insertDepartments(tx, DEPARTMENTS);
  await tx.insertInto('account').values({ id: accountId, username: FIRST_ADMINISTRATOR }).execute();
  await tx
    .insertInto('practitioner')
    .values({
      id: practitionerId,
      account_id: accountId,
      name: '管理员',
      name_en: 'Administrator',
      gender: 'unknown',
    })
    .execute();
  await tx
    .insertInto('practitioner_role')
    .values({
      practitioner_id: practitionerId,
      role: 'district-administrator',
      organization_id: districtId,
      location_id: null,
      department_code: null,
      title_zh: '区云医院管理员',
      title_en: 'District Administrator',
    })
    .execute();
  unit.audit({ action: 'foundation:lay', entityKind: 'Organization', entityId: districtId });
}

/** A new code for the first administrator, as long as no administrator at all has ever chosen a password. */
async function codeForFirstAdministrator(unit: Unit, sessionSecret: string): Promise<string | null> {
  const { rows } = await sql<{ account_id: string; username: string | null; activated: boolean }>`
    SELECT account.id AS account_id, account.username, account.password_hash IS NOT NULL AS activated
    FROM practitioner_role role
    JOIN practitioner ON practitioner.id = role.practitioner_id
    JOIN account ON account.id = practitioner.account_id
    WHERE role.role = 'district-administrator' AND role.active`.execute(unit.tx);
  const first = rows.find(({ username }) => username === FIRST_ADMINISTRATOR);
  if (first === undefined || rows.some(({ activated }) => activated)) return null;
  const { code, hash } = newActivationCode(sessionSecret);
  await unit.tx
    .updateTable('account')
    .set({
      activation_code_hash: hash,
      activation_expires_at: new Date(unit.now.getTime() + ACTIVATION_CODE_SECONDS * 1_000),
    })
    .where('id', '=', first.account_id)
    .execute();
  unit.audit({ action: 'foundation:issue-activation-code', entityKind: 'Account', entityId: first.account_id });
  return code;
}

/**
 * What an installation without demonstration data begins with. Safe to repeat: later starts change nothing but the code.
 * @returns the one-time code with which the first administrator chooses a password; null once one has
 */
export async function layFoundation({ databaseUrl, secretsFile }: FoundationOptions): Promise<string | null> {
  const { sessionSecret } = Keys.parse(JSON.parse(await readFile(secretsFile, 'utf8')));
  let poolError: Error | undefined;
  const db = openDatabase({ url: databaseUrl, poolSize: 1, statementTimeoutMs: STATEMENT_TIMEOUT_MS }, (error) => {
    poolError = error;
  });
  try {
    const commands = createCommandRunner(db, { onEvents: () => undefined, onJobs: () => undefined });
    return await commands.run({ agent: SYSTEM, requestId: 'foundation' }, async (unit) => {
      await sql`SELECT pg_advisory_xact_lock(hashtextextended('foundation', 0))`.execute(unit.tx);
      const { rows } = await sql<{ laid: boolean }>`
        SELECT EXISTS (SELECT FROM organization WHERE kind = 'district') AS laid`.execute(unit.tx);
      if (rows[0]?.laid !== true) await lay(unit);
      return codeForFirstAdministrator(unit, sessionSecret);
    });
  } catch (error) {
    throw poolError ?? error;
  } finally {
    await db.destroy();
  }
}
