import { AppError } from '@cloud-hospital/protocol';
import type { Unit } from '../../store/command.ts';

/** No consultation without written consent. @throws AppError CONSENT_REQUIRED */
export async function assertConsent(unit: Unit, encounterId: string): Promise<void> {
  const consent = await unit.tx
    .selectFrom('consent')
    .select('id')
    .where('encounter_id', '=', encounterId)
    .where('purpose', '=', 'consultation')
    .where('status', '=', 'active')
    .executeTakeFirst();
  if (consent === undefined) throw new AppError('CONSENT_REQUIRED');
}
