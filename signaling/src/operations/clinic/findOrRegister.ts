import { AppError, readIdentityNumber } from '@cloud-hospital/protocol';
import { maskIdentityNumber } from '../../domain/masking.ts';
import type { Services } from '../../Services.ts';
import type { Unit } from '../../store/command.ts';
import { verifyIdentity } from './checkIn.ts';

/** What is on the card, and the phone the person gave. */
interface Person {
  readonly name: string;
  readonly identityNumber: string;
  readonly phone?: string | undefined;
}

/**
 * The patient with this identity number, made at the first visit. Staff have the card before them.
 * @throws AppError BAD_REQUEST `identity-name-mismatch` when the number belongs to somebody of another name: a slip of
 * the finger must not open a stranger's record
 */
export async function findOrRegister(services: Services, unit: Unit, input: Person): Promise<string> {
  const { identityCipher } = services;
  const number = input.identityNumber;
  await unit.tx
    .insertInto('patient')
    .values({
      name: input.name,
      identity_hash: identityCipher.hash(number),
      identity_encrypted: identityCipher.encrypt(number),
      identity_masked: maskIdentityNumber(number),
      birth_date: readIdentityNumber(number).birthDate,
      gender: readIdentityNumber(number).gender,
      phone: input.phone ?? null,
      identity_verified_at: unit.now,
    })
    .onConflict((conflict) => conflict.column('identity_hash').doNothing())
    .execute();
  const patient = await unit.tx
    .selectFrom('patient')
    .select(['id', 'name', 'phone'])
    .where('identity_hash', '=', identityCipher.hash(number))
    .executeTakeFirstOrThrow();
  if (patient.name !== input.name) {
    throw new AppError('BAD_REQUEST', { field: 'name', reason: 'identity-name-mismatch' });
  }
  await verifyIdentity(unit, patient.id);
  if (patient.phone === null && input.phone !== undefined) {
    await unit.tx.updateTable('patient').set({ phone: input.phone }).where('id', '=', patient.id).execute();
  }
  return patient.id;
}
