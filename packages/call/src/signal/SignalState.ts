import type { ErrorCode } from '@cloud-hospital/protocol';

/**
 * `idle`: connect() was not called yet. `lost`: was or wanted to be connected, and is being brought back.
 * `refused`: the server said no (signed out, outdated protocol); nothing happens until connect() is called again.
 */
export type SignalState =
  | { readonly name: 'idle' | 'connecting' | 'connected' | 'lost' | 'closed' }
  | { readonly name: 'refused'; readonly code: ErrorCode };
