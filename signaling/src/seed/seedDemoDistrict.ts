import { readFile } from 'node:fs/promises';
import { sql } from 'kysely';
import { z } from 'zod';
import { IdentityCipher } from '../auth/IdentityCipher.ts';
import { LocalSigner } from '../auth/LocalSigner.ts';
import { hashPassword } from '../auth/passwords.ts';
import { SYSTEM } from '../domain/Actor.ts';
import { localDate } from '../domain/localTime.ts';
import { createCommandRunner, type Unit } from '../store/command.ts';
import { openDatabase } from '../store/database.ts';
import { ensureSlots } from '../store/ensureSlots.ts';
import { DEMO_PASSWORD } from './demoAccounts.ts';
import { Random } from './random.ts';
import { seedBookings } from './seedBookings.ts';
import { seedDirectory } from './seedDirectory.ts';
import { seedFamilies } from './seedFamilies.ts';
import { seedLeave } from './seedLeave.ts';
import { seedHistory } from './seedHistory.ts';
import { seedPromises } from './seedPromises.ts';
import { seedResidents } from './seedResidents.ts';
import { seedStaff } from './seedStaff.ts';
import { seedWaiting } from './seedWaiting.ts';
import { seedWaitlist } from './seedWaitlist.ts';

export { DEMO_ACCOUNTS, DEMO_PASSWORD } from './demoAccounts.ts';

/** Everything random in the district follows from this number; times follow from the day it is seeded. */
const SEED = 20_260_101;
const SLOT_DAYS = 14;
const STATEMENT_TIMEOUT_MS = 60_000;
const DAY_MS = 24 * 3_600_000;

const Keys = z.object({ identityKey: z.string(), reportSigningKey: z.string() });

export interface SeedOptions {
  readonly databaseUrl: string;
  /** JSON file with the keys that the application will read the data with. */
  readonly secretsFile: string;
}

async function seed(unit: Unit, keys: z.infer<typeof Keys>, passwordHash: string): Promise<void> {
  const { tx, now } = unit;
  const random = new Random(SEED);
  const effectiveFrom = localDate(new Date(now.getTime() - 365 * DAY_MS));
  const directory = await seedDirectory(tx, random);
  const staff = await seedStaff(tx, random, directory, passwordHash, effectiveFrom);
  const residents = await seedResidents(
    tx,
    random,
    new IdentityCipher(keys.identityKey),
    directory.clinics.length,
    Number(localDate(now).slice(0, 4)),
  );
  await ensureSlots(tx, SLOT_DAYS);
  await seedHistory(tx, random, new LocalSigner(keys.reportSigningKey), { directory, staff, residents, now });
  await seedBookings(unit, random, { directory, staff, residents });
  await seedWaitlist(unit, random, { directory, staff, residents });
  await seedFamilies(unit, new IdentityCipher(keys.identityKey), { directory, staff, residents });
  const [firstHospital] = directory.hospitalIds;
  if (firstHospital !== undefined) await seedLeave(unit, firstHospital);
  await seedPromises(tx, random, now);
  await seedWaiting(unit, random, { directory, staff, residents });
  unit.audit({ action: 'demo:seed', entityKind: 'Organization', entityId: directory.districtId });
}

/**
 * Fills an empty database with a fictional district: 93 clinics, five hospitals, 60 specialists, 300 residents, half a
 * year of history, slots for a fortnight, some who wait at this moment. Once: a database that has a district is left alone.
 * @returns whether anything was written
 */
export async function seedDemoDistrict({ databaseUrl, secretsFile }: SeedOptions): Promise<boolean> {
  const keys = Keys.parse(JSON.parse(await readFile(secretsFile, 'utf8')));
  let poolError: Error | undefined;
  const db = openDatabase({ url: databaseUrl, poolSize: 1, statementTimeoutMs: STATEMENT_TIMEOUT_MS }, (error) => {
    poolError = error;
  });
  try {
    const commands = createCommandRunner(db, { onEvents: () => undefined, onJobs: () => undefined });
    // Everybody of the demonstration has the same password, so one hash will do.
    const passwordHash = await hashPassword(DEMO_PASSWORD);
    return await commands.run({ agent: SYSTEM, requestId: 'seed' }, async (unit) => {
      await sql`SELECT pg_advisory_xact_lock(hashtextextended('demo-seed', 0))`.execute(unit.tx);
      const district = await unit.tx
        .selectFrom('organization')
        .select('id')
        .where('kind', '=', 'district')
        .limit(1)
        .executeTakeFirst();
      if (district !== undefined) return false;
      await seed(unit, keys, passwordHash);
      return true;
    });
  } catch (error) {
    throw poolError ?? error;
  } finally {
    await db.destroy();
  }
}
