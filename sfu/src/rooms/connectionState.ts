import type { SfuNotificationData } from '@cloud-hospital/protocol/sfu';
import type { types as mediasoup } from 'mediasoup';

export type ConnectionState = SfuNotificationData<'peer:connection-changed'>['state'];

/**
 * One word for ICE and DTLS together. `silent` says that packets which must flow have not for some seconds: the
 * peer lost its power or network, long before ICE consent expires.
 */
export function connectionStateOf(
  ice: mediasoup.IceState,
  dtls: mediasoup.DtlsState,
  silent: boolean,
): ConnectionState {
  if (dtls === 'failed') return 'failed';
  if (dtls === 'closed' || ice === 'closed') return 'closed';
  if (ice === 'disconnected') return 'disconnected';
  if (dtls === 'connected' && ice !== 'new') return silent ? 'disconnected' : 'connected';
  return 'new';
}

/**
 * Whether a peer with transports in these states counts as present: at least one is up and none is broken.
 * A transport that was never used stays `new` and says nothing.
 */
export function isConnected(states: readonly ConnectionState[]): boolean {
  return states.includes('connected') && states.every((state) => state === 'connected' || state === 'new');
}
