import type { RoomId } from '@cloud-hospital/protocol';
import type { CameraChoice, SocketNotificationData, SocketNotificationName } from '@cloud-hospital/protocol/socket';
import type { CallEndReason } from '@cloud-hospital/protocol/states';
import type { CallEvent } from '../callState.ts';
import type { SignalClient } from '../signal/SignalClient.ts';
import type { RoomSession } from './RoomSession.ts';

interface RoomNotificationTarget {
  readonly session: () => RoomSession | null;
  /** A join is under way: what is said about its room meanwhile must not be lost. */
  readonly joining: () => boolean;
  readonly dispatch: (event: CallEvent) => void;
  readonly peerJoined: (session: RoomSession) => void;
  readonly opened: (session: RoomSession, data: SocketNotificationData<'room:opened'>) => void;
  readonly parked: (session: RoomSession) => void;
  readonly moved: (data: SocketNotificationData<'room:moved'>) => void;
  readonly closed: (reason: CallEndReason) => void;
  readonly camerasWanted: (cameras: CameraChoice) => void;
  readonly screenTakenOver: () => void;
}

type RoomNotificationName = {
  [Name in SocketNotificationName]: SocketNotificationData<Name> extends { roomId: RoomId } ? Name : never;
}[SocketNotificationName];

export interface RoomNotifications {
  /** To be called once a join has its session: hands it what was said about its room meanwhile, in order. */
  replay(session: RoomSession): void;
  close(): void;
}

/** Brings each notification about the room to the session or into the call's state. */
export function listenToRoom(signal: SignalClient, target: RoomNotificationTarget): RoomNotifications {
  const { dispatch } = target;
  const offs: (() => void)[] = [];
  let early: { roomId: RoomId; apply: (session: RoomSession) => void }[] = [];

  const on = <Name extends RoomNotificationName>(
    name: Name,
    apply: (session: RoomSession, data: SocketNotificationData<Name>) => void,
  ): void => {
    offs.push(
      signal.on(name, (data) => {
        const { roomId } = data as { roomId: RoomId };
        const session = target.session();
        if (session !== null) {
          if (session.roomId === roomId) apply(session, data);
        } else if (target.joining()) {
          early.push({ roomId, apply: (joined) => apply(joined, data) });
        }
      }),
    );
  };

  on('room:opened', (session, data) => target.opened(session, data));
  on('room:parked', (session, { epoch }) => {
    if (epoch >= session.epoch) target.parked(session);
  });
  on('room:moved', (_session, data) => target.moved(data));
  on('room:closed', (session, { epoch, reason }) => {
    if (epoch >= session.epoch) target.closed(reason);
  });
  on('peer:joined', (session, { peer }) => {
    dispatch({ type: 'peer-joined', peer });
    target.peerJoined(session);
  });
  on('peer:left', (_session, { peerId }) => dispatch({ type: 'peer-left', peerId }));
  on('peer:connection-changed', (_session, { peerId, connected }) =>
    dispatch({ type: 'peer-connection-changed', peerId, connected }),
  );
  on('peer:mode-changed', (_session, { roomId: _roomId, ...said }) => dispatch({ type: 'peer-mode-changed', ...said }));
  on('peer:cameras-wanted', (_session, { cameras }) => target.camerasWanted(cameras));
  on('producer:taken-over', (session, { producerId }) => {
    if (session.send.forget(producerId)) target.screenTakenOver();
  });
  on('room:speaker', (_session, { peerId }) => dispatch({ type: 'speaker-heard', peerId }));
  on('consumer:created', (session, { consumer }) => session.consume([consumer]));
  on('consumer:closed', (session, { consumerId }) => session.removeConsumer(consumerId));
  on('consumer:paused', (_session, { consumerId }) =>
    dispatch({ type: 'stream-changed', consumerId, patch: { paused: true } }),
  );
  on('consumer:resumed', (_session, { consumerId }) =>
    dispatch({ type: 'stream-changed', consumerId, patch: { paused: false } }),
  );

  return {
    replay: (session) => {
      const waiting = early;
      early = [];
      for (const { roomId, apply } of waiting) if (roomId === session.roomId) apply(session);
    },
    close: () => {
      early = [];
      for (const off of offs) off();
    },
  };
}
