import type { DeviceId, LocalizedText, LocationId } from '@cloud-hospital/protocol';

/** The enrolled terminal behind a browser. */
export interface DeviceIdentity {
  readonly deviceId: DeviceId;
  readonly name: string;
  readonly locationId: LocationId;
  readonly locationName: LocalizedText;
}
