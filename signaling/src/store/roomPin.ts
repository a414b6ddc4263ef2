import { EncounterId, RoomId } from '@cloud-hospital/protocol';

/** Where PostgreSQL says the room lives. */
export interface RoomPin {
  readonly roomId: RoomId;
  readonly encounterId: EncounterId;
  readonly epoch: number;
  readonly nodeId: string | null;
  readonly incarnation: string | null;
}

/** Columns of `room` → RoomPin. */
export function toPin(row: {
  id: string;
  encounter_id: string;
  epoch: number;
  node_id: string | null;
  node_incarnation: string | null;
}): RoomPin {
  return {
    roomId: RoomId.parse(row.id),
    encounterId: EncounterId.parse(row.encounter_id),
    epoch: row.epoch,
    nodeId: row.node_id,
    incarnation: row.node_incarnation,
  };
}
