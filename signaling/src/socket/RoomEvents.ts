import { setTimeout as sleep } from 'node:timers/promises';
import { assertUnreachable, type PeerId, type RoomId } from '@cloud-hospital/protocol';
import type { SfuNotification } from '../sfu/SfuLink.ts';
import { mediaStarted } from '../operations/call/mediaStarted.ts';
import type { RoomServices } from '../operations/room/RoomServices.ts';
import { participantInfos } from '../store/participant.view.ts';
import type { RoomSessions } from './RoomSessions.ts';

/** The database comes back within seconds, or the deployment has other worries. */
const START_ATTEMPTS = 30;
const START_RETRY_MS = 1_000;

/** Carries what the media nodes say to the browsers attached here. @returns the matching `off` */
export function forwardMediaEvents(services: RoomServices, sessions: RoomSessions): () => void {
  const { attachments, connections } = sessions;
  const ignore = (): void => undefined;
  let stopped = false;

  /** The attachment this notification is for; none when the peer is held elsewhere or at another epoch by now. */
  const own = (address: { peerId: PeerId; epoch: number }) => {
    const attachment = attachments.ofPeer(address.peerId);
    return attachment?.epoch === address.epoch ? attachment : undefined;
  };

  async function introduce(data: Extract<SfuNotification, { name: 'peer:joined' }>['data']): Promise<void> {
    const { roomId, epoch, peerId } = data;
    const [anyone] = attachments.inRoom(roomId);
    if (anyone === undefined) return;
    const info = (await participantInfos(services.db, anyone.encounterId)).get(peerId);
    if (info === undefined) return;
    const peer = { ...info, connected: connections.isConnected(peerId), producers: [] };
    sessions.tellOthers({ roomId, epoch }, peerId, 'peer:joined', { roomId, peer });
  }

  /** Said once: a database that is away for the moment must not lose it. */
  async function recordStart(roomId: RoomId): Promise<void> {
    for (let attempt = 1; attempt <= START_ATTEMPTS && !stopped; attempt += 1) {
      try {
        await mediaStarted(services, roomId);
        return;
      } catch (error) {
        services.log.error({ err: error, roomId, attempt }, 'start of the consultation not recorded');
        await sleep(START_RETRY_MS, undefined, { ref: false });
      }
    }
  }

  function forward(notification: SfuNotification): void {
    const { name, data } = notification;
    switch (name) {
      case 'peer:connection-changed': {
        const connected = connections.update(data.peerId, data.direction, data.state);
        if (connected !== undefined) sessions.connectionChanged(data, connected);
        return;
      }
      case 'peer:joined': {
        connections.seed(data.peerId, false);
        introduce(data).catch((error: unknown) => services.log.warn({ err: error }, 'newcomer not announced'));
        return;
      }
      case 'peer:rights-changed': {
        const { roomId, epoch, rights, consumers } = data;
        if (rights === 'active') own(data)?.notify('room:opened', { roomId, epoch, consumers });
        else own(data)?.notify('room:parked', { roomId, epoch });
        return;
      }
      case 'peer:closed': {
        const attachment = own(data);
        if (attachment !== undefined && data.reason === 'replaced') sessions.drop(attachment);
        else if (attachment !== undefined) sessions.forget(attachment, data.reason);
        else {
          connections.forget(data.peerId);
          const { roomId, peerId, reason } = data;
          sessions.tellOthers(data, peerId, 'peer:left', { roomId, peerId, reason });
        }
        return;
      }
      case 'producer:taken-over': {
        const { roomId, producerId, by } = data;
        own(data)?.notify('producer:taken-over', { roomId, producerId, by });
        return;
      }
      case 'consumer:created':
        own(data)?.notify('consumer:created', { roomId: data.roomId, consumer: data.consumer });
        return;
      case 'consumer:closed':
      case 'consumer:paused':
      case 'consumer:resumed':
        own(data)?.notify(name, { roomId: data.roomId, consumerId: data.consumerId });
        return;
      case 'consumer:layers-changed': {
        const { roomId, consumerId, layers } = data;
        own(data)?.notify('consumer:layers-changed', { roomId, consumerId, layers });
        return;
      }
      case 'consumer:score': {
        const { roomId, consumerId, score, producerScore } = data;
        own(data)?.notify('consumer:score', { roomId, consumerId, score, producerScore });
        return;
      }
      case 'room:audio-levels':
        sessions.tell(data, data.hearers, 'room:audio-levels', { roomId: data.roomId, levels: data.levels });
        return;
      case 'room:speaker':
        sessions.tell(data, data.hearers, 'room:speaker', { roomId: data.roomId, peerId: data.peerId });
        return;
      case 'room:media-started':
        void recordStart(data.roomId);
        return;
      case 'room:closed':
        for (const attachment of attachments.inRoom(data.roomId)) {
          if (attachment.epoch === data.epoch) sessions.drop(attachment);
        }
        break;
      case 'recording:segment-stored':
      case 'recording:gap':
        // Kept by the RecordingDesk.
        break;
      case 'node:draining':
        // The placement moves the rooms and tells the browsers.
        break;
      default:
        assertUnreachable(name);
    }
  }

  const stopListening = services.sfu.directory.listen({
    onUp: ignore,
    // What it said last of its peers is worth nothing any more.
    onDead: (node) => sessions.nodeDied(node),
    onDraining: ignore,
    onNotification: (_node, notification) => forward(notification),
  });
  return () => {
    stopped = true;
    stopListening();
  };
}
