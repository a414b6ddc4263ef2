import { socketNotifications } from '@cloud-hospital/protocol/socket';
import { topic } from '../domain/topics.ts';
import { affectedQueues, locatedPlaces } from '../operations/queue/places.ts';
import type { Services } from '../Services.ts';
import type { OutboxEvent } from './OutboxTail.ts';
import type { SocketHub } from './SocketHub.ts';

/** Changes of one queue within this time are told as one. Milliseconds. */
const COALESCE_MS = 15;

/**
 * What happens with an outbox row on this replica: it is emitted to the browsers here. A changed queue is also told to
 * everybody who waits in it, each with their own place, from one reading of the queue.
 */
export function createEventDelivery(services: Services, hub: SocketHub): (event: OutboxEvent) => void {
  const { db, log, metrics } = services;
  const changedQueues = new Set<string>();
  let timer: NodeJS.Timeout | undefined;

  const tellPlaces = async (queueIds: string[]): Promise<void> => {
    try {
      for (const { place, locationId } of await locatedPlaces(db, await affectedQueues(db, queueIds))) {
        hub.emitToTopics([topic.patient(place.patientId), topic.location(locationId)], 'queue-entry:changed', place);
      }
    } catch (error) {
      // Clients refetch what they show from time to time; a lost place heals with the next change.
      log.warn({ err: error }, 'places not told');
    }
  };
  const flush = (): void => {
    timer = undefined;
    const queueIds = [...changedQueues];
    changedQueues.clear();
    if (hub.connected > 0) void tellPlaces(queueIds);
  };

  return (event) => {
    metrics.outboxLagSeconds.set(event.ageMs / 1_000);
    hub.emitToTopics(event.topics, event.name, event.data);
    if (event.name !== 'queue:changed') return;
    const { queueId } = socketNotifications['queue:changed'].parse(event.data);
    changedQueues.add(queueId);
    timer ??= setTimeout(flush, COALESCE_MS);
  };
}
