import { answer } from '../operations/call/answer.ts';
import { decline } from '../operations/call/decline.ts';
import { leaveCall } from '../operations/call/leave.ts';
import { reportCall } from '../operations/call/report.ts';
import { removeParticipant } from '../operations/callPeople/removeParticipant.ts';
import { setHold } from '../operations/callPeople/setHold.ts';
import type { Handlers } from './dispatch.ts';
import type { RoomSessions } from './RoomSessions.ts';
import type { RoomSweep } from './RoomSweep.ts';

type CallHandlers = Pick<
  Handlers,
  'call:answer' | 'call:decline' | 'call:leave' | 'call:report' | 'call:hold' | 'room:remove'
>;

/**
 * @param sessions which socket of this replica holds which peer
 * @param sweep brings the media node in line with what was decided
 */
export function createCallHandlers({ attachments }: RoomSessions, sweep: RoomSweep): CallHandlers {
  return {
    'call:answer': async ({ services, context }, { encounterId }) => {
      const { answeredAt, granted } = await answer(services, context, encounterId);
      for (const { address, peerId, rights, consumers } of granted) {
        // Peers of other replicas hear it from the node.
        if (rights === 'active') attachments.ofPeer(peerId)?.notify('room:opened', { ...address, consumers });
      }
      return { answeredAt };
    },
    'call:decline': async ({ services, context }, data) => {
      await decline(services, context, data);
      return {};
    },
    'call:leave': async ({ services, context }, { encounterId }) => {
      await leaveCall(services, context, encounterId);
      return {};
    },
    'call:hold': async ({ services, context }, data) => {
      await setHold(services, context, data);
      await sweep.enforce(data.encounterId);
      return {};
    },
    'room:remove': async ({ services, context }, data) => {
      await removeParticipant(services, context, data);
      await sweep.enforce(data.encounterId);
      return {};
    },
    'call:report': async ({ services, context }, data) => {
      await reportCall(services, context, data);
      return {};
    },
  };
}
