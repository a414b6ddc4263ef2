import type { Kysely } from 'kysely';
import { gatherInTurn } from './gather.ts';
import { type LocatedPlace, locatedPlaces } from './queuePlaces.ts';
import type { Database } from './schema.ts';

/** A specialist's queue and the pool they call from, as they were after somebody asked. */
export interface SharedQueue {
  /** Of the specialist's own queue, read before the places. */
  readonly version: string;
  readonly places: readonly LocatedPlace[];
}

/** Places for whoever only looks, read for all who ask meanwhile at once. */
export interface SharedPlaces {
  /** Undefined: the specialist has no queue yet. */
  ofSpecialist(practitionerRoleId: string): Promise<SharedQueue | undefined>;
  /** Of those who wait or are called at a clinic, whichever queue they are in. */
  ofClinic(locationId: string): Promise<readonly LocatedPlace[]>;
}

type Asked = `specialist:${string}` | `clinic:${string}`;
const idsOf = (asked: readonly Asked[], kind: 'specialist' | 'clinic'): string[] =>
  asked.flatMap((key) => (key.startsWith(`${kind}:`) ? [key.slice(kind.length + 1)] : []));

/**
 * Estimating when somebody will be called costs a queue of forty milliseconds of CPU and several statements. A hundred
 * and fifty pages that look at the same moment, as after a restart, would keep all connections for seconds; so one
 * reading serves everybody who asked before it began, and the next one whoever came meanwhile. Outside of their
 * transactions: nobody holds a connection while they wait for it.
 */
export function sharePlaces(db: Kysely<Database>): SharedPlaces {
  const ask = gatherInTurn(
    async (asked: readonly Asked[]): Promise<ReadonlyMap<Asked, SharedQueue>> =>
      db.connection().execute(async (connection) => {
        const [specialists, clinics] = [idsOf(asked, 'specialist'), idsOf(asked, 'clinic')];
        const [queues, present] = await Promise.all([
          specialists.length === 0
            ? []
            : connection
                .selectFrom('queue')
                .select((eb) => [
                  'practitioner_role_id',
                  'version',
                  eb.fn<string[]>('queues_called_from', ['queue.id']).as('called_from'),
                ])
                .where('practitioner_role_id', 'in', specialists)
                .execute(),
          clinics.length === 0
            ? []
            : connection
                .selectFrom('queue_entry')
                .select('queue_id')
                .distinct()
                .where('location_id', 'in', clinics)
                .where('state', 'in', ['waiting', 'called'])
                .execute(),
        ]);
        const places = await locatedPlaces(connection, [
          ...new Set([...queues.flatMap((queue) => queue.called_from), ...present.map((row) => row.queue_id)]),
        ]);
        return new Map<Asked, SharedQueue>([
          ...queues.map(({ practitioner_role_id: roleId, version, called_from: calledFrom }) => {
            const own = places.filter(({ queueId }) => calledFrom.includes(queueId));
            return [`specialist:${roleId ?? ''}`, { version, places: own }] as const;
          }),
          ...clinics.map((id) => {
            const own = places.filter(({ locationId }) => locationId === id);
            return [`clinic:${id}`, { version: '0', places: own }] as const;
          }),
        ]);
      }),
  );
  return {
    ofSpecialist: (roleId) => ask(`specialist:${roleId}`),
    ofClinic: async (locationId) => (await ask(`clinic:${locationId}`))?.places ?? [],
  };
}
