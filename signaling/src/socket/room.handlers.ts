import { attachRoom } from '../operations/room/attach.ts';
import { joinRoom, type OnPlace } from '../operations/room/join.ts';
import { leaveRoom } from '../operations/room/leave.ts';
import { topic } from '../domain/topics.ts';
import type { Handlers, SocketRequest } from './dispatch.ts';
import type { RoomSessions } from './RoomSessions.ts';

type RoomHandlers = Pick<Handlers, 'room:join' | 'room:attach' | 'room:leave'>;

/** @param sessions which socket of this replica holds which peer */
export function createRoomHandlers(sessions: RoomSessions): RoomHandlers {
  const taking = ({ socket }: SocketRequest): { onPlace: OnPlace; settle: (succeeded: boolean) => void } => {
    let undo: (() => void) | undefined;
    let answered: (() => void) | undefined;
    return {
      onPlace: (membership, place) => {
        const attachment = sessions.take(membership, place, socket);
        undo = () => sessions.attachments.remove(attachment);
        answered = () => attachment.answered();
      },
      settle: (succeeded) => {
        // After this turn of the event loop the ack has been written.
        if (succeeded) setImmediate(() => answered?.());
        else undo?.();
      },
    };
  };

  return {
    'room:join': async (request, data) => {
      const { services, socket, context } = request;
      const stop = services.metrics.joinSeconds.startTimer();
      const { onPlace, settle } = taking(request);
      await socket.join(topic.instance(data.instanceId));
      try {
        const { answer, self, place } = await joinRoom(services, context, data, onPlace);
        sessions.joined(place, self, answer);
        settle(true);
        services.metrics.joins.inc({ outcome: 'ok' });
        stop();
        return answer;
      } catch (error) {
        settle(false);
        services.metrics.joins.inc({ outcome: 'failed' });
        throw error;
      }
    },

    'room:attach': async (request, data) => {
      const { services, socket, context } = request;
      const { onPlace, settle } = taking(request);
      await socket.join(topic.instance(data.instanceId));
      try {
        const { state, connected } = await attachRoom(services, context, data, onPlace);
        sessions.attached(state, connected);
        settle(true);
        return state;
      } catch (error) {
        settle(false);
        throw error;
      }
    },

    'room:leave': async ({ services, socket }, data) => {
      const attachment = sessions.attachments.assertAndGet(socket, data);
      sessions.forget(attachment, 'left');
      const { encounterId, node, number } = attachment;
      await leaveRoom(services, {
        ...attachment.address,
        encounterId,
        node,
        attachment: number,
        reason: 'left',
        kind: 'left',
      });
      return {};
    },
  };
}
