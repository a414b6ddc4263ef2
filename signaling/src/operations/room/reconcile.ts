import { AppError, type EncounterId, type PeerId, type RoomId } from '@cloud-hospital/protocol';
import type { ConsumerInfo, PeerRights } from '@cloud-hospital/protocol/sfu';
import { peerVerdict } from '../../domain/peerVerdict.ts';
import type { MediaNode } from '../../sfu/NodeDirectory.ts';
import { type ClaimRow, readPeerClaims } from '../../store/peerClaims.ts';
import { recordPresence } from './presence.ts';
import type { RoomServices } from './RoomServices.ts';

/** Who lost the right to be in the room. */
interface Expelled {
  readonly roomId: RoomId;
  readonly epoch: number;
  readonly peerId: PeerId;
  /** The visit is over, not only for this peer. */
  readonly roomClosed: boolean;
}

/** Whose rights in the media node were not what they should be, and what it may consume now. */
interface Corrected {
  readonly roomId: RoomId;
  readonly epoch: number;
  readonly peerId: PeerId;
  readonly rights: PeerRights;
  readonly consumers: ConsumerInfo[];
}

export interface NodeReport {
  readonly expelled: readonly Expelled[];
  readonly corrected: readonly Corrected[];
  /** Rooms on the node that PostgreSQL has elsewhere; the caller decides how long their peers may take to move. */
  readonly strayRooms: readonly { readonly roomId: RoomId; readonly epoch: number }[];
  /** Participants that count as present and that the node doesn't know. */
  readonly missing: readonly ClaimRow[];
}

const NOTHING: NodeReport = { expelled: [], corrected: [], strayRooms: [], missing: [] };

/**
 * Brings the media node in line with PostgreSQL for one encounter, after something about it was decided: it ended, was
 * taken back, was parked. Safe to run on several replicas at once.
 */
export async function reconcileEncounter(services: RoomServices, encounterId: EncounterId): Promise<NodeReport> {
  const pin = await services.db
    .selectFrom('room')
    .select(['id', 'node_id', 'node_incarnation'])
    .where('encounter_id', '=', encounterId)
    .executeTakeFirst();
  if (pin === undefined || pin.node_id === null || pin.node_incarnation === null) return NOTHING;
  const node = services.sfu.directory.live(pin.node_id, pin.node_incarnation);
  return node === undefined ? NOTHING : reconcileNode(services, node, pin.id);
}

/**
 * Compares what a node holds with who may be there, closes what may not, and corrects rights. Catches whatever an
 * event missed: a replica that died between commit and request, a restored database, a bug.
 *
 * @param onlyRoom leave all other rooms alone
 */
export async function reconcileNode(services: RoomServices, node: MediaNode, onlyRoom?: string): Promise<NodeReport> {
  const { identity } = node;
  if (identity === undefined) return NOTHING;
  // The node first, PostgreSQL second: whoever the node knows was authorised there before, and a call answered in
  // between is seen as answered.
  const inventory = await node.link.request('node:inventory', {});
  const rooms = inventory.rooms.filter(({ roomId }) => onlyRoom === undefined || roomId === onlyRoom);
  const rows = await readPeerClaims(services.db, { roomIds: rooms.map(({ roomId }) => roomId), ...identity });
  const claims = new Map(rows.map((row) => [row.peerId, row]));
  const pins = new Map(rows.map(({ pin }) => [pin.roomId, pin]));
  const isHere = (roomId: RoomId, epoch: number): boolean => {
    const pin = pins.get(roomId);
    return pin?.nodeId === identity.nodeId && pin.incarnation === identity.incarnation && pin.epoch === epoch;
  };
  const corrected: Corrected[] = [];
  const expelled = await Promise.all(
    rooms
      .filter(({ roomId, epoch }) => isHere(roomId, epoch))
      .flatMap(({ roomId, epoch, peers }) =>
        peers.map(async ({ peerId, rights }): Promise<Expelled | undefined> => {
          const row = claims.get(peerId);
          const verdict = row === undefined ? 'expelled' : peerVerdict(row.claim);
          if (verdict === rights) return undefined;
          const address = { roomId, epoch, peerId };
          if (verdict !== 'expelled') {
            const answer = await unlessGone(node.link.request('peer:set-rights', { ...address, rights: verdict }));
            if (answer !== undefined) corrected.push({ ...address, rights: verdict, consumers: answer.consumers });
            return undefined;
          }
          services.log.info({ ...address, nodeId: identity.nodeId }, 'peer may not be in the room any more');
          await unlessGone(node.link.request('peer:close', { ...address, reason: 'removed' }));
          if (row?.connected === true) {
            const { encounterId } = row.pin;
            await recordPresence(services, { encounterId, peerId, connected: false, kind: 'closed' });
          }
          return { roomId, epoch, peerId, roomClosed: row?.claim.roomClosed ?? true };
        }),
      ),
  );
  const known = new Set(inventory.rooms.flatMap(({ peers }) => peers.map(({ peerId }) => peerId)));
  return {
    expelled: expelled.filter((one) => one !== undefined),
    corrected,
    strayRooms: rooms.filter(({ roomId, epoch }) => !isHere(roomId, epoch)),
    missing: rows.filter(
      ({ peerId, connected, pin }) =>
        connected && !known.has(peerId) && pin.nodeId === identity.nodeId && pin.incarnation === identity.incarnation,
    ),
  };
}

/** Ends a room that lives elsewhere, or nowhere, by now. Closing what is gone succeeds. */
export async function closeRoom(node: MediaNode, roomId: RoomId, epoch: number): Promise<void> {
  await unlessGone(node.link.request('room:close', { roomId, epoch, reason: 'superseded' }));
}

/** The peer or the room ended meanwhile, or moved: then there is nothing to correct. */
async function unlessGone<T>(request: Promise<T>): Promise<T | undefined> {
  try {
    return await request;
  } catch (error) {
    const isGone = error instanceof AppError && (error.code === 'NOT_JOINED' || error.code === 'STALE_EPOCH');
    if (!isGone) throw error;
    return undefined;
  }
}
