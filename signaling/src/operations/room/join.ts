import { AppError } from '@cloud-hospital/protocol';
import type { PeerMediaState, RtpCapabilities, SfuResponseData } from '@cloud-hospital/protocol/sfu';
import type { RoomState, SocketResponseData } from '@cloud-hospital/protocol/socket';
import { iceServersFor } from '../../sfu/iceServers.ts';
import type { Place } from '../../sfu/RoomPlacement.ts';
import { type ParticipantInfo, participantInfos } from '../../store/participant.view.ts';
import { recordingMark } from '../recording/mark.ts';
import { type EnterInput, enterRoom, type Membership } from './enter.ts';
import type { ActorContext } from '../../store/command.ts';
import { rightsNow } from './rightsNow.ts';
import type { RoomServices } from './RoomServices.ts';

export interface JoinInput extends EnterInput {
  readonly rtpCapabilities?: RtpCapabilities | undefined;
}

/** Called before the media node is asked, so that nothing it says about this peer is missed. */
export type OnPlace = (membership: Membership, place: Place) => void;

export interface JoinedRoom {
  readonly answer: SocketResponseData<'room:join'>;
  /** Oneself, for those already there. */
  readonly self: ParticipantInfo;
  readonly place: Place;
}

const MAX_PLACES = 3;

/**
 * Joins the room of an encounter, with all that is needed to bring ICE and DTLS up in one answer. A room whose node
 * is gone or refuses is placed anew on the way.
 *
 * @throws AppError as `enterRoom`, MEDIA_UNAVAILABLE without a usable node, ATTACHED_ELSEWHERE when another tab
 * joined meanwhile
 */
export async function joinRoom(
  services: RoomServices,
  context: ActorContext,
  input: JoinInput,
  onPlace: OnPlace,
): Promise<JoinedRoom> {
  const membership = await enterRoom(services, context, input, 'joined');
  const [{ joined, place }, infos] = await Promise.all([
    joinPeer(services, membership, input.rtpCapabilities, onPlace),
    participantInfos(services.db, membership.encounterId),
  ]);
  const state = await catchUpRights(services, membership, place, joined.state);
  const { config } = services;
  const self = infos.get(membership.peerId);
  if (self === undefined) throw new AppError('NOT_JOINED');
  return {
    self,
    place,
    answer: {
      ...roomState(membership, place, state, infos, await recordingMark(services.db, membership.encounterId)),
      routerRtpCapabilities: joined.routerRtpCapabilities,
      sendTransport: joined.sendTransport,
      recvTransport: joined.recvTransport,
      iceServers: iceServersFor(config.TURN_URLS, config.secrets.turnSecret, membership.peerId, Date.now()),
    },
  };
}

/** What the media node says, in the browser's words. */
export function roomState(
  membership: Membership,
  place: Place,
  state: PeerMediaState,
  infos: ReadonlyMap<string, ParticipantInfo>,
  recording: RoomState['recording'],
): RoomState {
  return {
    roomId: place.roomId,
    epoch: place.epoch,
    peerId: membership.peerId,
    rights: state.rights,
    heldSince: membership.heldAt?.toISOString() ?? null,
    recording,
    producers: state.producers,
    consumers: state.consumers,
    peers: state.peers.flatMap(({ peerId, producers, connected }) => {
      const info = infos.get(peerId);
      return info === undefined ? [] : [{ ...info, producers, connected }];
    }),
  };
}

async function joinPeer(
  { sfu }: RoomServices,
  membership: Membership,
  rtpCapabilities: RtpCapabilities | undefined,
  onPlace: OnPlace,
): Promise<{ joined: SfuResponseData<'peer:join'>; place: Place }> {
  const { peerId, attachment, rights } = membership;
  let place = await sfu.placement.locate(membership.pin);
  for (let tries = 1; ; tries += 1) {
    onPlace(membership, place);
    try {
      const joined = await place.node.link.request('peer:join', {
        roomId: place.roomId,
        epoch: place.epoch,
        peerId,
        attachment,
        rights,
        ...(rtpCapabilities === undefined ? {} : { rtpCapabilities }),
      });
      return { joined, place };
    } catch (error) {
      if (tries >= MAX_PLACES || !(error instanceof AppError)) throw error;
      place = await nextPlace({ sfu }, place, error);
    }
  }
}

/** Where to try after a refusal; rethrows what no other place can heal. */
async function nextPlace({ sfu }: Pick<RoomServices, 'sfu'>, place: Place, error: AppError): Promise<Place> {
  const latest = await sfu.placement.read(place.roomId);
  if (latest.epoch > place.epoch) return sfu.placement.locate(latest);
  switch (error.code) {
    case 'STALE_EPOCH':
      // The node knows a later epoch than PostgreSQL, as after a restored backup: go past it.
      return sfu.placement.moveAway(latest, 'worker-died');
    case 'MEDIA_UNAVAILABLE':
      // The link broke (a verdict follows), or the node lives and takes no rooms.
      return place.node.isUp ? sfu.placement.moveAway(latest, 'drain') : sfu.placement.locate(latest);
    default:
      throw error;
  }
}

/** A call answered, or taken back, while this peer was on its way changed the rights behind its back. */
export async function catchUpRights(
  services: RoomServices,
  { encounterId, peerId }: Membership,
  { roomId, epoch, node }: Place,
  state: PeerMediaState,
): Promise<PeerMediaState> {
  const rights = (await rightsNow(services.db, encounterId)).get(peerId);
  // May not be here any more: the sweep closes it.
  if (rights === undefined || state.rights === rights) return state;
  const { consumers } = await node.link.request('peer:set-rights', { roomId, epoch, peerId, rights });
  return { ...state, rights, consumers, producers: rights === 'active' ? state.producers : [] };
}
