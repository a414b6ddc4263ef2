import { socketNotifications } from '@cloud-hospital/protocol/socket';
import { ENCOUNTER_TRANSITIONS, isTerminalState } from '@cloud-hospital/protocol/states';
import type { EndReason } from '../auth/Sessions.ts';
import { HAND_OVER_MS } from '../domain/peerVerdict.ts';
import type { Services } from '../Services.ts';
import type { RecordingDesk } from './RecordingDesk.ts';
import type { RoomSessions } from './RoomSessions.ts';
import type { RoomSweep } from './RoomSweep.ts';
import type { DomainEvent } from './SocketHub.ts';

/** The ids of those topics that are of this kind, e.g. of all `session:<id>`. */
export const idsOf = (topics: readonly string[], kind: string): string[] =>
  topics.filter((topic) => topic.startsWith(`${kind}:`)).map((topic) => topic.slice(kind.length + 1));

/**
 * What this replica does, beyond passing it on, when something was committed anywhere: peers held here follow at once
 * and not only with the next sweep.
 */
export function createReactions(
  services: Services,
  sessions: RoomSessions,
  sweep: RoomSweep,
  recordings: RecordingDesk,
): { onEvent: (event: DomainEvent) => void; endSession: (sessionId: string, reason: EndReason) => void } {
  /** Ends the media that a session brought in. After a plain sign-out the next staff member may take it over. */
  function endSession(sessionId: string, reason: EndReason): void {
    for (const attachment of sessions.attachments.ofSession(sessionId)) {
      const expel = (): void => {
        if (!sessions.attachments.has(attachment)) return;
        sessions.expel(attachment, reason).catch((error: unknown) => {
          services.log.warn({ err: error, peerId: attachment.peerId }, 'peer not closed; the sweep will');
        });
      };
      if (reason === 'signed-out') setTimeout(expel, HAND_OVER_MS).unref();
      else expel();
    }
  }

  function onEvent({ topics, name, data }: DomainEvent): void {
    switch (name) {
      case 'session:ended': {
        const { reason } = socketNotifications[name].parse(data);
        for (const sessionId of idsOf(topics, 'session')) endSession(sessionId, reason);
        return;
      }
      case 'room:moved': {
        const { roomId, epoch } = socketNotifications[name].parse(data);
        sessions.dropOlder(roomId, epoch);
        return;
      }
      case 'recording:changed':
        recordings.check();
        return;
      case 'call:ended': {
        const { encounterId, reason } = socketNotifications[name].parse(data);
        if (reason === 'attached-elsewhere') sessions.dropInstance(encounterId, new Set(idsOf(topics, 'instance')));
        else sweep.check(encounterId);
        return;
      }
      case 'call:held':
      case 'people:changed':
        sweep.check(socketNotifications[name].parse(data).encounterId);
        return;
      case 'encounter:changed': {
        const { encounterId, status } = socketNotifications[name].parse(data);
        if (isTerminalState(ENCOUNTER_TRANSITIONS, status)) sweep.check(encounterId);
        break;
      }
      default:
    }
  }

  return { onEvent, endSession };
}
