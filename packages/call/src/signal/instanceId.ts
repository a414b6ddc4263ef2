import { z } from 'zod';

const KEY = 'ch.instanceId';

/** Held for the life of the page by the Web Locks API, so that a duplicated tab (which copies sessionStorage) notices. */
const lockName = (instanceId: string) => `ch.instance.${instanceId}`;

function store(instanceId: string): string {
  globalThis.sessionStorage?.setItem(KEY, instanceId);
  return instanceId;
}

/** The tab's id from sessionStorage, or a new one: a reload is the same instance, a new tab is another. */
export function readInstanceId(): string {
  const stored = z.uuid().safeParse(globalThis.sessionStorage?.getItem(KEY));
  return stored.success ? stored.data : store(crypto.randomUUID());
}

/**
 * Makes sure that no other tab of this browser uses the same id: "duplicate tab" copies sessionStorage, and two tabs
 * under one id would take the call from each other without being told.
 * @returns the id to use: the given one, or a new one when it is taken
 */
export async function claimInstanceId(instanceId: string): Promise<string> {
  // Absent outside secure contexts; such a page has no camera either.
  const locks = globalThis.navigator?.locks;
  if (!locks) return instanceId;
  const hold = (name: string) =>
    new Promise<boolean>((resolve) => {
      void locks.request(name, { ifAvailable: true }, (lock) => {
        resolve(lock !== null);
        // A held lock is released by the browser when the page goes away.
        return lock === null ? undefined : Promise.withResolvers<never>().promise;
      });
    });
  if (await hold(lockName(instanceId))) return instanceId;
  const fresh = store(crypto.randomUUID());
  await hold(lockName(fresh));
  return fresh;
}
