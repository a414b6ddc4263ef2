import { socketNotifications } from '@cloud-hospital/protocol/socket';
import type { Services } from '../Services.ts';
import type { OutboxEvent } from './OutboxTail.ts';
import { PlaceTeller } from './PlaceTeller.ts';
import type { SocketHub } from './SocketHub.ts';

/**
 * What happens with an outbox row on this replica: it is emitted to the browsers here. A changed queue is also told to
 * everybody who waits in it, each with their own place.
 */
export function createEventDelivery(services: Services, hub: SocketHub): (event: OutboxEvent) => void {
  const { metrics } = services;
  const places = new PlaceTeller(services, hub);
  return (event) => {
    metrics.outboxLagSeconds.set(event.ageMs / 1_000);
    hub.emitToTopics(event.topics, event.name, event.data);
    if (event.name !== 'queue:changed') return;
    places.queueChanged(socketNotifications['queue:changed'].parse(event.data).queueId);
  };
}
