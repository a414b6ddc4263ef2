import type { Services } from '../../Services.ts';
import type { SfuConnections } from '../../sfu/createSfuConnections.ts';

/** What operations on rooms need besides the usual. */
export type RoomServices = Services & { readonly sfu: SfuConnections };
