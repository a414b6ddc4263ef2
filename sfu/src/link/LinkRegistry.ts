import type { SfuNotificationData, SfuNotificationName } from '@cloud-hospital/protocol/sfu';
import type { Notifier } from '../rooms/Notifier.ts';
import type { ControlLink } from './ControlLink.ts';

/** The authenticated links by replica, at most one each. */
export class LinkRegistry implements Notifier {
  readonly #links = new Map<string, ControlLink>();
  readonly #onLost: () => void;

  /** @param onLost called for each notification that found no link */
  constructor(onLost: () => void) {
    this.#onLost = onLost;
  }

  get size(): number {
    return this.#links.size;
  }

  get all(): readonly ControlLink[] {
    return [...this.#links.values()];
  }

  /** @returns the older link of the same replica, for the caller to close */
  add(replicaId: string, link: ControlLink): ControlLink | undefined {
    const older = this.#links.get(replicaId);
    this.#links.set(replicaId, link);
    return older;
  }

  /** Removes this very link, not a newer one of the same replica. */
  remove(replicaId: string, link: ControlLink): void {
    if (this.#links.get(replicaId) === link) this.#links.delete(replicaId);
  }

  isLinked(replicaId: string): boolean {
    return this.#links.has(replicaId);
  }

  notify<Name extends SfuNotificationName>(replicaId: string, name: Name, data: SfuNotificationData<Name>): void {
    const link = this.#links.get(replicaId);
    if (link === undefined) this.#onLost();
    else link.send({ type: 'notification', name, data });
  }

  broadcast<Name extends SfuNotificationName>(name: Name, data: SfuNotificationData<Name>): void {
    for (const link of this.#links.values()) link.send({ type: 'notification', name, data });
  }
}
