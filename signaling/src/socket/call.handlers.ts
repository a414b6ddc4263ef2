import { answer } from '../operations/call/answer.ts';
import { decline } from '../operations/call/decline.ts';
import { leaveCall } from '../operations/call/leave.ts';
import { reportCall } from '../operations/call/report.ts';
import type { Handlers } from './dispatch.ts';
import type { RoomSessions } from './RoomSessions.ts';

type CallHandlers = Pick<Handlers, 'call:answer' | 'call:decline' | 'call:leave' | 'call:report'>;

/** @param sessions which socket of this replica holds which peer */
export function createCallHandlers({ attachments }: RoomSessions): CallHandlers {
  return {
    'call:answer': async ({ services, context }, { encounterId }) => {
      const { answeredAt, granted } = await answer(services, context, encounterId);
      for (const { address, peerId, consumers } of granted) {
        // Peers of other replicas hear it from the node.
        attachments.ofPeer(peerId)?.notify('room:opened', { ...address, consumers });
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
    'call:report': async ({ services, context }, data) => {
      await reportCall(services, context, data);
      return {};
    },
  };
}
