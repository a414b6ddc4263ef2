import type { SfuRequestData, SfuRequestName, SfuResponseData } from '@cloud-hospital/protocol/sfu';
import type { LineTests } from '../lineTests/LineTests.ts';
import type { Recordings } from '../recording/Recordings.ts';
import type { RoomRegistry } from '../rooms/RoomRegistry.ts';

/** What a handler may use besides the request itself. */
export type RequestContext = {
  /** The replica that asks. */
  readonly replicaId: string;
  readonly rooms: RoomRegistry;
  readonly lineTests: LineTests;
  readonly recordings: Recordings;
  /** Begins to drain the node; returns at once. */
  readonly startDraining: () => void;
};

export type Handler<Name extends SfuRequestName> = (
  request: SfuRequestData<Name>,
  context: RequestContext,
) => SfuResponseData<Name> | Promise<SfuResponseData<Name>>;
