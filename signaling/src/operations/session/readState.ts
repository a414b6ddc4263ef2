import type { SessionState } from '@cloud-hospital/protocol/rest';
import type { DeviceIdentity } from '../../domain/DeviceIdentity.ts';
import type { Actor } from '../../domain/Actor.ts';
import type { Services } from '../../Services.ts';
import { databaseNow } from '../../store/databaseNow.ts';

/** Who is signed in on this face, and on which terminal; for nobody as well. */
export async function readState(
  { config, db, sessions }: Services,
  { actor, device }: { actor: Actor | null; device: DeviceIdentity | null },
): Promise<SessionState> {
  return {
    session: actor === null || actor.role === 'terminal' ? null : await sessions.describe(actor.sessionId),
    device: device === null ? null : { ...device },
    demo: config.DEMO_DISTRICT,
    now: (await databaseNow(db)).toISOString(),
  };
}
