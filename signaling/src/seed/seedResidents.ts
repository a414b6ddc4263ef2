import { identityCheckDigit } from '@cloud-hospital/protocol';
import type { Insertable } from 'kysely';
import type { IdentityCipher } from '../auth/IdentityCipher.ts';
import { maskIdentityNumber } from '../domain/masking.ts';
import type { Tx } from '../store/database.ts';
import type { AccountTable, PatientTable } from '../store/schema.ts';
import { randomName } from './data/names.ts';
import { demoPhone } from './demoAccounts.ts';
import { insertAll } from './insertAll.ts';
import type { Random } from './random.ts';

const RESIDENTS = 300;
/** The last ones were registered by staff and never signed in. */
const WITHOUT_ACCOUNT = 20;
/** No administrative division of China has this code, so that no such number is anybody's. */
const FICTIONAL_DIVISION = '999999';
/** Ages as they come to a community clinic, `[from, to, share]`. */
const AGES = [
  [60, 69, 0.3],
  [70, 79, 0.3],
  [80, 92, 0.15],
  [35, 59, 0.19],
  [16, 34, 0.06],
] as const;

export interface Resident {
  readonly patientId: string;
  readonly accountId: string | null;
  readonly phone: string;
  readonly name: string;
  readonly gender: 'male' | 'female';
  readonly age: number;
  readonly birthDate: string;
  /** Of the clinic nearest to home, in the directory's order. */
  readonly clinic: number;
}

function randomAge(random: Random): number {
  let share = random.next();
  for (const [from, to, part] of AGES) {
    if (share < part) return random.int(from, to);
    share -= part;
  }
  return random.int(AGES[0][0], AGES[0][1]);
}

/** A number that passes every check, yet is nobody's. @param ordinal even for women, odd for men */
function fictionalIdentityNumber(birthDate: string, ordinal: number): string {
  const first17 = FICTIONAL_DIVISION + birthDate.replaceAll('-', '') + String(ordinal).padStart(3, '0');
  return first17 + identityCheckDigit(first17);
}

/** 300 residents with fictional phones and identity numbers. @param thisYear for their ages */
export async function seedResidents(
  tx: Tx,
  random: Random,
  cipher: IdentityCipher,
  clinicCount: number,
  thisYear: number,
): Promise<readonly Resident[]> {
  const accounts: Insertable<AccountTable>[] = [];
  const patients: Insertable<PatientTable>[] = [];
  const residents = Array.from({ length: RESIDENTS }, (_, index): Resident => {
    // The first one is the resident of the demonstration.
    const age = index === 0 ? 72 : randomAge(random);
    const gender = index === 0 || random.chance(0.54) ? 'female' : 'male';
    const month = String(random.int(1, 12)).padStart(2, '0');
    const birthDate = `${thisYear - age}-${month}-${String(random.int(1, 28)).padStart(2, '0')}`;
    const ordinal = 2 * index + (gender === 'male' ? 1 : 0);
    const identityNumber = fictionalIdentityNumber(birthDate, ordinal);
    const name = randomName(random, age >= 55 ? 'elder' : 'adult', gender).zh;
    const phone = demoPhone(index);
    const accountId = index < RESIDENTS - WITHOUT_ACCOUNT ? random.uuid() : null;
    const patientId = random.uuid();
    if (accountId !== null) {
      accounts.push({
        id: accountId,
        phone,
        demo: true,
      });
    }
    patients.push({
      id: patientId,
      account_id: accountId,
      name,
      identity_hash: cipher.hash(identityNumber),
      identity_encrypted: cipher.encrypt(identityNumber),
      identity_masked: maskIdentityNumber(identityNumber),
      birth_date: birthDate,
      gender,
      phone,
      demo: true,
    });
    return { patientId, accountId, phone, name, gender, age, birthDate, clinic: index % clinicCount };
  });
  await insertAll(tx, 'account', accounts);
  await insertAll(tx, 'patient', patients);
  return residents;
}
